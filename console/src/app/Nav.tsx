import AppstoreOutlined from '@ant-design/icons/AppstoreOutlined'
import CloudServerOutlined from '@ant-design/icons/CloudServerOutlined'
import CodeOutlined from '@ant-design/icons/CodeOutlined'
import DashboardOutlined from '@ant-design/icons/DashboardOutlined'
import IdcardOutlined from '@ant-design/icons/IdcardOutlined'
import PhoneOutlined from '@ant-design/icons/PhoneOutlined'
import SendOutlined from '@ant-design/icons/SendOutlined'
import SettingOutlined from '@ant-design/icons/SettingOutlined'
import WalletOutlined from '@ant-design/icons/WalletOutlined'
import { Link } from '@tanstack/react-router'
import type { ComponentType } from 'react'
import { useTranslation } from 'react-i18next'
import type { Group } from './area'
import { useMenu } from './menu'

const ICONS: Record<Group, ComponentType> = {
  overview: DashboardOutlined,
  traffic: PhoneOutlined,
  pushes: SendOutlined,
  numbers: IdcardOutlined,
  apps: AppstoreOutlined,
  develop: CodeOutlined,
  money: WalletOutlined,
  settings: SettingOutlined,
  platform: CloudServerOutlined,
}

/** The menu: groups of plain links. */
export function Nav({ isOpen }: { isOpen: boolean }) {
  const { t } = useTranslation('shell')
  return (
    <nav className={isOpen ? 'mk-nav is-open' : 'mk-nav'} id="nav" aria-label={t('nav.label')}>
      {useMenu().map(({ group, pages }) => {
        const Icon = ICONS[group]
        return (
          <section key={group} aria-labelledby={`nav-${group}`}>
            <h2 id={`nav-${group}`}>
              <span aria-hidden="true">
                <Icon />
              </span>
              {t(`group.${group}`)}
            </h2>
            <ul>
              {pages.map((page) => (
                <li key={page.path}>
                  <Link
                    to={page.path}
                    activeOptions={{ exact: true, includeSearch: false }}
                    activeProps={{ 'aria-current': 'page' }}
                    data-testid={`nav.${page.menu.label}`}
                  >
                    {t(`nav.${page.menu.label}`)}
                  </Link>
                </li>
              ))}
            </ul>
          </section>
        )
      })}
    </nav>
  )
}
