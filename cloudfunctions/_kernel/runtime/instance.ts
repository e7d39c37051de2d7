/**
 * What an instance remembers between calls: made when first asked for, gone with the instance. State of a module belongs
 * in here, so that a test can begin with a fresh instance without loading every module anew.
 */
export function perInstance<T>(create: () => T): () => T {
  let remembered: { value: T } | undefined
  forgetters.push(() => {
    remembered = undefined
  })
  return () => {
    remembered ??= { value: create() }
    return remembered.value
  }
}

/** As if the platform had started a new instance. For tests. */
export function forgetInstance(): void {
  for (const forget of forgetters) forget()
}

const forgetters: (() => void)[] = []
