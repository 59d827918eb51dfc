import { useTranslation } from 'react-i18next'
import { formatCount } from './format'
import { type List, PAGE_SIZES } from './useList'

/** Previous and next page; there are no page numbers, and no total that nobody counted. */
export function Pager<Row>({ list }: { list: List<Row> }) {
  const { t } = useTranslation('kit')
  const count = list.rows?.length ?? 0
  return (
    <nav className="mk-pager" aria-label={t('table.pages')}>
      <span role="status" data-testid="kit.table.range">
        {count > 0 &&
          t(list.hasNext ? 'table.rangeMore' : 'table.range', {
            first: formatCount(list.first),
            last: formatCount(list.first + count - 1),
          })}
      </span>
      <button
        type="button"
        className="mk-button"
        disabled={!list.hasPrevious}
        data-testid="kit.table.previous"
        onClick={list.previous}
      >
        {t('table.previous')}
      </button>
      <button
        type="button"
        className="mk-button"
        disabled={!list.hasNext}
        data-testid="kit.table.next"
        onClick={list.next}
      >
        {t('table.next')}
      </button>
      {list.hasPrevious && (
        <button type="button" className="mk-button is-quiet" onClick={list.newest}>
          {t('table.newest')}
        </button>
      )}
      <select
        className="mk-select"
        aria-label={t('table.size')}
        value={list.size}
        onChange={(event) => list.resize(event.target.value)}
      >
        {PAGE_SIZES.map((size) => (
          <option key={size} value={size}>
            {t('table.perPage', { size })}
          </option>
        ))}
      </select>
    </nav>
  )
}
