export type Language = 'zh' | 'en'

const zh = {
  title: '登录 maskline 控制台',
  login: '账号',
  password: '密码',
  code: '动态验证码',
  codeText: '请打开验证器应用，输入六位验证码。',
  go: '登录',
  other: 'English',
  demo: '演示账号',
  demoText: '此服务器运行的是演示，可用以下账号登录。点一行即可填入。',
  needsSetup: '此平台还没有人员账号。请打开服务器启动时打印的一次性链接。',
  wrong_credentials: '账号、密码或验证码不正确。',
  locked: '尝试次数过多，账号已暂时锁定。',
  link_not_good: '此链接已使用或已过期，请索取新的链接。',
  until: '可重试的时间：',
  wrong_login: '账号须为 3 至 254 个字符，不含空格。',
  wrong_name: '姓名须为 1 至 100 个字符。',
  wrong_password: '密码须至少 10 个字符，且不能太容易猜到。',
  code_needed: '密码已设置，请登录并输入动态验证码。',
  busy: '服务器繁忙，请稍后重试。',
  forLogin: '账号',
  noAnswer: '服务器没有回应。请检查网络后重试。',
  setupTitle: '建立第一个平台账号',
  setupText: '此链接只能使用一次。密码至少 10 个字符。',
  setupGo: '建立账号',
  invitationTitle: '加入 maskline 控制台',
  resetTitle: '设置新密码',
  invitationText: '请设置姓名与密码。此链接只能使用一次，密码至少 10 个字符。',
  invitationGo: '加入',
  name: '姓名',
  again: '再次输入密码',
  differs: '两次输入的密码不同。',
  noToken: '链接不完整：缺少 token。请完整复制链接。',
}

const en: typeof zh = {
  title: 'Sign in to the maskline console',
  login: 'Login',
  password: 'Password',
  code: 'Authenticator code',
  codeText: 'Open your authenticator and enter its six digits.',
  go: 'Sign in',
  other: '中文',
  demo: 'Demo accounts',
  demoText: 'This server runs the demo; these accounts are open to you. A row fills in the form.',
  needsSetup:
    'Nobody has an account here yet. Open the one-time link that the server printed when it started.',
  wrong_credentials: 'Login, password or code is wrong.',
  locked: 'Too many tries: this account is locked for a while.',
  link_not_good: 'This link was used or has expired: ask for a new one.',
  until: 'Try again at',
  wrong_login: 'A login has 3 to 254 characters and no blanks.',
  wrong_name: 'A name has 1 to 100 characters.',
  wrong_password: 'A password has at least 10 characters and is not easy to guess.',
  code_needed: 'The password is set: sign in with it and a code.',
  busy: 'The server is busy: try again shortly.',
  forLogin: 'Login',
  noAnswer: 'The server did not answer. Check the network and try again.',
  setupTitle: 'Make the first account of the platform',
  setupText: 'This link works once. A password has at least 10 characters.',
  setupGo: 'Make account',
  invitationTitle: 'Join the maskline console',
  resetTitle: 'Set a new password',
  invitationText:
    'Choose a name and a password. This link works once; a password has at least 10 characters.',
  invitationGo: 'Join',
  name: 'Name',
  again: 'Password once more',
  differs: 'The two passwords differ.',
  noToken: 'The link is not whole: its token is missing. Copy all of it.',
}

export const words: Record<Language, typeof zh> = { zh, en }
export type Word = keyof typeof zh

const ROLES: Record<Language, Record<string, string>> = {
  zh: {
    owner: '所有者',
    administrator: '管理员',
    developer: '开发者',
    number_operator: '号码运营',
    support: '客服',
    finance: '财务',
    operator: '平台运营',
    reviewer: '审核员',
  },
  en: { number_operator: 'number operator', operator: 'platform operator' },
}

export const roleName = (language: Language, role: string): string => ROLES[language][role] ?? role
