/**
 * Makes `Date` follow a clock that a test moves: `Date.now()` and `new Date()` ask `nowMs`, everything else is the real
 * thing. Unlike fake timers it needs no step when the clock moves, so alarms on the way see their own time.
 */
export function installDate(nowMs: () => number): void {
  const RealDate = globalThis.Date
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, args, newTarget) =>
      Reflect.construct(target, args.length > 0 ? args : [nowMs()], newTarget),
    apply: () => new RealDate(nowMs()).toString(),
    get: (target, name, receiver) => (name === 'now' ? nowMs : Reflect.get(target, name, receiver)),
  })
}
