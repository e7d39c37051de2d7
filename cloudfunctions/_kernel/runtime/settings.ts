import * as z from 'zod'

/** What an operator may set per environment, read once from the function's environment variables. */
const settingsSchema = z.object({
  /** Openids that hold every permission, comma-separated: how the first operator gets in. */
  ADMIN_OPENIDS: z.string().default('').transform(splitList),
  /** The merchant number that WeChat Pay settles to. */
  SUB_MCH_ID: z.string().default(''),
  /** The private key (JSON, as the console gives it) that signs tickets for custom login; empty when that is not used. */
  TCB_CUSTOM_LOGIN_KEY: z.string().default(''),
  /** What the secrets of partners and the gateway's keys are derived from; empty when there is no gateway. */
  GATEWAY_SECRET: z.string().default(''),
  /** `yes` lets webhooks go to this machine and its network: for local runs only. */
  WEBHOOKS_TO_LOCAL: z.enum(['', 'yes']).default(''),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
})

export type Settings = Readonly<z.output<typeof settingsSchema>>

export function readSettings(env: Record<string, string | undefined>): Settings {
  return Object.freeze(settingsSchema.parse(env))
}

function splitList(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
}
