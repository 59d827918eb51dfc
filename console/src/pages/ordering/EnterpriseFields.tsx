import { useTranslation } from 'react-i18next'
import { Fields } from '@/kit/Fields'
import { NONE } from '@/kit/Texts'
import type { Enterprise } from './ordering'

/** What is said of an enterprise, to be read. `people` are in the clear where somebody looked. */
export function EnterpriseFields({
  enterprise,
  people = {},
}: {
  enterprise: Enterprise
  people?: Partial<Enterprise>
}) {
  const { t } = useTranslation('ordering')
  const one = { ...enterprise, ...people }
  const word = (group: string, value?: string | null) => (value ? t(`${group}.${value}`) : NONE)
  const yes = (value: boolean) => t(value ? 'yes' : 'no')
  return (
    <Fields
      fields={[
        { label: t('field.name'), value: one.name || NONE },
        { label: t('field.licence_code'), value: one.licence_code || NONE },
        { label: t('field.legal_name'), value: one.legal_name || NONE },
        { label: t('field.agent_name'), value: one.agent_name || NONE },
        { label: t('field.agent_phone'), value: one.agent_phone || NONE },
        { label: t('field.nature'), value: word('nature', one.nature) },
        {
          label: t('field.industry'),
          value: `${word('industry', one.industry)} ${one.other_industry}`.trim(),
        },
        {
          label: t('field.bearer_kind'),
          value: `${word('bearer', one.bearer_kind)} ${one.bearer_name}`.trim(),
        },
        { label: t('field.is_third_party'), value: yes(one.is_third_party) },
        {
          label: t('field.authority'),
          value: `${one.authority_from ?? NONE} … ${one.authority_until ?? NONE}`,
        },
        { label: t('field.has_messages'), value: yes(one.has_messages) },
        { label: t('field.scene'), value: one.scene || NONE },
        { label: t('field.script'), value: one.script || NONE },
        { label: t('field.callee_source'), value: one.callee_source || NONE },
      ]}
    />
  )
}
