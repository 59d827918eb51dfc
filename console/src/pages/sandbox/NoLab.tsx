import { useTranslation } from 'react-i18next'
import { JsonBlock } from '@/kit/JsonBlock'

/** How an operator gets a sandbox; code can be read without one. */
export function NoLab({ appKey }: { appKey: string }) {
  const { t } = useTranslation('sandbox')
  const commands = [
    `maskline app set ${appKey} --set is_sandbox=true`,
    'maskline trunk add sandbox --host 127.0.0.1 --port 5170 --prefix +861380000 \\',
    '  --inbound-from 127.0.0.1/32',
  ].join('\n')
  return (
    <section className="mk-card" aria-label={t('noLab.title')} data-testid="sandbox.noLab">
      <h2>{t('noLab.title')}</h2>
      <p>{t('noLab.why')}</p>
      <ol>
        <li>
          {t('noLab.enable')}
          <JsonBlock value={'[sandbox]\nenabled = true'} label={t('noLab.settings')} />
        </li>
        <li>
          {t('noLab.mark')}
          <JsonBlock value={commands} label={t('noLab.commands')} />
        </li>
        <li>{t('noLab.restart')}</li>
      </ol>
    </section>
  )
}
