import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { parseEnv } from 'node:util'

/** The variables that cloudbaserc.json may name: .env, over it .env.local, over both the environment. */
export function deployVariables(
  repoDir: string,
  environment: Record<string, string | undefined>,
): Record<string, string | undefined> {
  const files = ['.env', '.env.local'].map((name) => join(repoDir, name)).filter((path) => existsSync(path))
  return Object.assign({}, ...files.map((path) => parseEnv(readFileSync(path, 'utf8'))), environment)
}

/** Whether the tcb CLI will find who deploys: a login that it stored, or a key in the environment. */
export function isLoggedIn(environment: Record<string, string | undefined>, home = homedir()): boolean {
  if (environment.TENCENTCLOUD_SECRETID && environment.TENCENTCLOUD_SECRETKEY) return true
  const stored = join(home, '.config/.cloudbase/auth.json')
  if (!existsSync(stored)) return false
  try {
    const { credential }: { credential?: object } = JSON.parse(readFileSync(stored, 'utf8'))
    return credential !== undefined && Object.keys(credential).length > 0
  } catch {
    return false
  }
}
