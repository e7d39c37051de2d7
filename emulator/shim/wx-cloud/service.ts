import { currentSettings } from './settings.ts'
import { transport } from './transport.ts'

/** One action of the local cloud's wire as the current user. */
export function post(
  service: 'database' | 'storage',
  action: string,
  fields: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  const { url, user } = currentSettings()
  return transport.post(
    `${url}/client/${service}`,
    { 'x-emulator-user': user },
    JSON.stringify({ ...fields, action }),
  )
}
