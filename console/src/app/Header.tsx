import MenuOutlined from '@ant-design/icons/MenuOutlined'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { JobTray } from '@/kit/JobTray'
import { language } from './language'
import { theme, useZone, zone } from './preferences'
import { Search } from './Search'
import { useSession } from './SessionContext'
import { useStored } from './stored'
import { UserMenu } from './UserMenu'

interface Props {
  isNavOpen: boolean
  onNav: () => void
}

export function Header({ isNavOpen, onNav }: Props) {
  const { t } = useTranslation('shell')
  const { tenant } = useSession()
  return (
    <header className="mk-header">
      <button
        type="button"
        className="mk-button is-icon mk-nav-switch"
        aria-label={t('nav.label')}
        aria-expanded={isNavOpen}
        aria-controls="nav"
        onClick={onNav}
      >
        <MenuOutlined />
      </button>
      <Link to="/" className="mk-brand">
        <img src="/console/icon.svg" alt="" width={22} height={22} />
        maskline
      </Link>
      <span className="mk-workspace" data-testid="shell.workspace">
        {tenant?.name ?? t('platform')}
      </span>
      <Search />
      <div className="mk-header-end">
        <ZoneChoice />
        <ThemeChoice />
        <LanguageChoice />
        <JobTray />
        <UserMenu />
      </div>
    </header>
  )
}

function LanguageChoice() {
  const [chosen, choose] = useStored(language)
  const other = chosen === 'zh' ? 'en' : 'zh'
  return (
    <button
      type="button"
      className="mk-button is-quiet"
      lang={other === 'zh' ? 'zh-CN' : 'en'}
      data-testid="shell.language"
      onClick={() => choose(other)}
    >
      {other === 'zh' ? '中文' : 'English'}
    </button>
  )
}

function ThemeChoice() {
  const { t } = useTranslation('shell')
  const [chosen, choose] = useStored(theme)
  return (
    <select
      className="mk-select"
      aria-label={t('theme.label')}
      value={chosen}
      data-testid="shell.theme"
      onChange={(event) => choose(event.target.value as 'system' | 'light' | 'dark')}
    >
      <option value="system">{t('theme.system')}</option>
      <option value="light">{t('theme.light')}</option>
      <option value="dark">{t('theme.dark')}</option>
    </select>
  )
}

function ZoneChoice() {
  const { t } = useTranslation('shell')
  const { user } = useSession()
  const [chosen, choose] = useStored(zone)
  const shown = useZone()
  return (
    <select
      className="mk-select"
      aria-label={t('zone.label')}
      title={shown}
      value={chosen}
      data-testid="shell.zone"
      onChange={(event) => choose(event.target.value)}
    >
      <option value="browser">{t('zone.browser')}</option>
      <option value="UTC">UTC</option>
      {user.zone && user.zone !== 'UTC' && <option value={user.zone}>{user.zone}</option>}
    </select>
  )
}
