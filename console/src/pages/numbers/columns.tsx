import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { AppName } from '@/kit/AppName'
import type { Column } from '@/kit/columns'
import { formatCount } from '@/kit/format'
import { NONE, NumberText, TimeText } from '@/kit/Texts'
import { useCities } from '@/kit/useDirectory'
import type { VirtualNumber } from './number'
import { StateOf } from './StateOf'

/** The columns of virtual numbers. */
export function useNumberColumns(): Column<VirtualNumber>[] {
  const { t } = useTranslation('numbers')
  const cities = useCities()
  return useMemo(
    () => [
      {
        key: 'number',
        title: t('column.number'),
        render: ({ number }) => <NumberText number={number} />,
        isFixed: true,
      },
      { key: 'state', title: t('column.state'), render: (row) => <StateOf number={row} /> },
      {
        key: 'app',
        title: t('column.app'),
        render: ({ app_key }) => <AppName appKey={app_key} />,
      },
      {
        key: 'city',
        title: t('column.city'),
        render: ({ area_code: code }) => `${cities.byCode.get(code) ?? ''} ${code}`.trim(),
      },
      { key: 'kind', title: t('column.kind'), render: ({ kind }) => t(`kind.${kind}`) },
      {
        key: 'sms',
        title: t('column.sms'),
        render: ({ may_message: may }) => t(may ? 'sms.on' : 'sms.off'),
      },
      {
        key: 'pairs',
        title: t('column.pairs'),
        render: ({ pairs }) => formatCount(pairs),
        align: 'end',
      },
      { key: 'note', title: t('column.note'), render: ({ note }) => note || NONE },
      { key: 'tags', title: t('column.tags'), render: ({ tags }) => <Tags tags={tags} /> },
      {
        key: 'created_at',
        title: t('column.created'),
        render: ({ created_at: at }) => <TimeText at={at} />,
        isExtra: true,
      },
    ],
    [t, cities],
  )
}

export function Tags({ tags }: { tags: readonly string[] }) {
  if (tags.length === 0) return NONE
  return (
    <span className="numbers-tags">
      {tags.map((tag) => (
        <span key={tag} className="mk-chip">
          {tag}
        </span>
      ))}
    </span>
  )
}
