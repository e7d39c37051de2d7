import type { LoginKey } from './custom-login.ts'

/** The variable in which this project's functions look for the key file of custom login. */
const NAME = 'TCB_CUSTOM_LOGIN_KEY'

/** A function that asks for the key, by an empty variable of its name, gets this environment's own. */
export function withLoginKey<Settings extends { variables?: Record<string, string> }>(
  settings: Settings,
  ownKey: () => LoginKey,
): Settings {
  if (settings.variables?.[NAME] !== '') return settings
  return { ...settings, variables: { ...settings.variables, [NAME]: JSON.stringify(ownKey()) } }
}
