import type { Catalogue, Lookup } from './catalogue.ts'
import type { Invocation } from './index.ts'
import { isClient } from './to-result.ts'
import type { Traffic } from './traffic.ts'
import { LATEST, type Versions } from './versions.ts'

/** The alias by which the platform distributes traffic. */
const DEFAULT_ALIAS = '$DEFAULT'

/** Finds what answers a call: the function in the folder, or one of its published versions. */
export function findDeployment(
  from: { catalogue: Catalogue; versions: Versions; traffic: Traffic },
  invocation: Invocation,
  routeKey: string | undefined,
): { lookup: Lookup; version: string } {
  const { functionName } = invocation
  const latest = from.catalogue.find(functionName)
  // Also: nothing is looked up under a name that cannot be one.
  if (!latest.found && latest.reason === 'unknown') return { lookup: latest, version: LATEST }
  const version = versionOf(from.traffic, invocation, routeKey)
  if (version === LATEST) return { lookup: latest, version }
  const definition = from.versions.find(functionName, version)
  if (definition) return { lookup: { found: true, definition }, version }
  const message = `FunctionName parameter could not be found: ${functionName} has no version ${version}`
  return { lookup: { found: false, reason: 'unknown', message }, version }
}

/** Shares of traffic are for calls; timers, HTTP access and WeChat's callbacks run what lies in the folder. */
function versionOf(
  traffic: Traffic,
  { functionName, qualifier, source, trigger }: Invocation,
  routeKey: string | undefined,
): string {
  if (qualifier !== undefined && qualifier !== DEFAULT_ALIAS) return qualifier
  const isCall = trigger === undefined && (isClient(source) || source.endsWith('scf'))
  return isCall ? traffic.versionFor(functionName, routeKey) : LATEST
}
