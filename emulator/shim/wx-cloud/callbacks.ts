/** Every call of `wx.cloud` may be made with callbacks or gives a promise (lib.wx.cloud.d.ts `OQ`, `RQ`). */
export interface Callbacks<T> {
  success?: (result: T) => void
  fail?: (error: unknown) => void
  complete?: (outcome: unknown) => void
}

export function hasCallbacks(options: Callbacks<never> | undefined): boolean {
  const { success, fail, complete } = options ?? {}
  return [success, fail, complete].some((callback) => typeof callback === 'function')
}

/** In callback style nothing is returned, and nobody needs to catch anything. */
export function settle<T>(options: Callbacks<T> | undefined, work: Promise<T>): Promise<T> | undefined {
  if (!hasCallbacks(options)) return work
  work.then(
    (result) => {
      options?.success?.(result)
      options?.complete?.(result)
    },
    (error) => {
      options?.fail?.(error)
      options?.complete?.(error)
    },
  )
  return undefined
}
