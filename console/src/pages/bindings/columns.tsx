import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { AppName } from '@/kit/AppName'
import type { Column } from '@/kit/columns'
import { MaskedNumber } from '@/kit/MaskedNumber'
import { StateTag } from '@/kit/StateTag'
import { DurationText, IdText, NONE, NumberText, TimeText } from '@/kit/Texts'
import type { Binding, EndedBinding } from './binding'

/** The columns of bindings; those that have ended say when and why. */
export function useBindingColumns(isEnded: boolean): Column<Binding & Partial<EndedBinding>>[] {
  const { t } = useTranslation('bindings')
  return useMemo(() => {
    const ends: Column<Binding & Partial<EndedBinding>>[] = isEnded
      ? [
          {
            key: 'ended_at',
            title: t('column.ended'),
            render: ({ ended_at: at }) => <TimeText at={at} />,
            isFixed: true,
          },
          {
            key: 'cause',
            title: t('column.cause'),
            render: ({ cause }) => (cause ? <StateTag>{t(`cause.${cause}`)}</StateTag> : NONE),
          },
        ]
      : []
    return [
      ...ends,
      {
        key: 'created_at',
        title: t('column.created'),
        render: ({ created_at: at }) => <TimeText at={at} />,
        isFixed: !isEnded,
      },
      { key: 'mode', title: t('column.mode'), render: ({ mode }) => modeName(mode) },
      { key: 'a', title: 'A', render: ({ a }) => <MaskedNumber masked={a} role="A" /> },
      { key: 'x', title: 'X', render: ({ x }) => <NumberText number={x} /> },
      { key: 'y', title: 'Y', render: ({ y }) => <NumberText number={y} />, isExtra: true },
      { key: 'b', title: 'B', render: ({ b }) => <MaskedNumber masked={b} role="B" /> },
      { key: 'e', title: 'E', render: ({ extension }) => extension ?? NONE },
      {
        key: 'direction',
        title: t('column.direction'),
        render: ({ direction }) => (direction ? t(`option.${direction}`) : NONE),
      },
      {
        key: 'record',
        title: t('column.record'),
        render: ({ record }) => t(record ? 'option.true' : 'option.false'),
      },
      {
        key: 'expires_at',
        title: t('column.expires'),
        render: ({ expires_at: at }) => (at ? <TimeText at={at} /> : t('forever')),
      },
      {
        key: 'app',
        title: t('column.app'),
        render: ({ app_key }) => <AppName appKey={app_key} />,
      },
      {
        key: 'duration',
        title: t('column.duration'),
        render: ({ duration_s: s }) => (s ? <DurationText s={s} /> : NONE),
        isExtra: true,
      },
      {
        key: 'id',
        title: t('column.id'),
        render: ({ binding_id }) => <IdText id={binding_id} />,
        isExtra: true,
      },
    ]
  }, [t, isEnded])
}

/** `AXYB · YB` for the part of AXYB that has a B. */
export const modeName = (mode: string): string => (mode === 'yb' ? 'AXYB · YB' : mode.toUpperCase())
