import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { AppName } from '@/kit/AppName'
import { type Field, Fields } from '@/kit/Fields'
import { MaskedNumber } from '@/kit/MaskedNumber'
import { DurationText, IdText, NONE, NumberText, TimeText } from '@/kit/Texts'
import type { Binding } from './binding'
import { FIELDS, type FormMode } from './form'

/** Every parameter of a binding with its name on the wire in this mode. */
export function BindingFields({ binding, isLive }: { binding: Binding; isLive: boolean }) {
  const { t } = useTranslation('bindings')
  const mode = binding.mode as FormMode
  const wire = (name: string) => FIELDS.find((field) => field.name === name)?.wire[mode]
  const reveal = (field: string) => ({
    kind: isLive ? 'binding' : 'ended_binding',
    objectId: binding.binding_id,
    field,
  })
  const isRelation = mode === 'axyb' || mode === 'yb'
  const fields: (Field | null)[] = [
    {
      label: t('column.id'),
      wire: 'subscriptionId',
      value: <IdText id={binding.binding_id} isWhole />,
    },
    { label: t('column.app'), value: <AppName appKey={binding.app_key} /> },
    {
      label: t('field.a.label'),
      wire: wire('a'),
      value: <MaskedNumber masked={binding.a} role="A" reveal={reveal('a')} />,
    },
    {
      label: t('field.x.label'),
      wire: wire('x') ?? (isRelation ? 'relationNumber' : undefined),
      value: (
        <>
          <NumberText number={binding.x} />{' '}
          <Link to="/numbers/$id" params={{ id: binding.x } as never}>
            {t('one.toNumber')}
          </Link>
        </>
      ),
    },
    binding.y ? { label: t('column.y'), value: <NumberText number={binding.y} /> } : null,
    binding.b
      ? {
          label: t('field.b.label'),
          wire: wire('b'),
          value: <MaskedNumber masked={binding.b} role="B" reveal={reveal('b')} />,
        }
      : null,
    binding.extension
      ? {
          label: t('field.extension.label'),
          wire: wire('extension'),
          value: <span className="mk-number">{binding.extension}</span>,
        }
      : null,
    binding.relation_id
      ? {
          label: t('one.relation'),
          value: (
            <Link to="/bindings/$id" params={{ id: binding.relation_id } as never}>
              <IdText id={binding.relation_id} />
            </Link>
          ),
        }
      : null,
    binding.direction
      ? {
          label: t('field.direction.label'),
          wire: wire('direction'),
          value: t(`option.${binding.direction}`),
        }
      : null,
    {
      label: t('column.expires'),
      wire: wire('duration_s') ?? wire('bound_for'),
      value: binding.expires_at ? <TimeText at={binding.expires_at} /> : t('forever'),
    },
    binding.duration_s
      ? {
          label: t('column.duration'),
          wire: wire('duration_s'),
          value: <DurationText s={binding.duration_s} />,
        }
      : null,
    {
      label: t('field.record.label'),
      wire: wire('record'),
      value: t(binding.record ? 'option.true' : 'option.false'),
    },
    {
      label: t('field.max_duration_min.label'),
      wire: wire('max_duration_min'),
      value: binding.max_duration_min
        ? t('one.minutes', { count: binding.max_duration_min })
        : t('one.noLimit'),
    },
    {
      label: t('field.close_after_calls.label'),
      wire: wire('close_after_calls'),
      value: binding.close_after_calls || NONE,
    },
    {
      label: t('field.idle_s.label'),
      wire: wire('idle_s'),
      value: binding.idle_s ? <DurationText s={binding.idle_s} /> : NONE,
    },
    { label: t('column.created'), value: <TimeText at={binding.created_at} /> },
    { label: t('column.modified'), value: <TimeText at={binding.modified_at} /> },
  ]
  return <Fields fields={fields.filter((field) => field !== null)} />
}
