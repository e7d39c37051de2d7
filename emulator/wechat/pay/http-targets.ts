import type { Invoke } from './notices.ts'

const LONGEST_MS = 60_000

/** Lets a notice go to an address of this cloud, which begins with `/`, as well as to a function. */
export function withHttpTargets(invoke: Invoke, baseUrl: () => string): Invoke {
  return async (call) => {
    if (!call.functionName.startsWith('/')) return invoke(call)
    try {
      const response = await fetch(new URL(call.functionName, baseUrl()), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(call.event),
        signal: AbortSignal.timeout(LONGEST_MS),
      })
      const text = await response.text()
      if (!response.ok) return { ok: false, code: `HTTP_${response.status}`, message: text.slice(0, 500) }
      return { ok: true, value: parsed(text) }
    } catch (error) {
      return { ok: false, code: 'HTTP_FAILED', message: String(error) }
    }
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
