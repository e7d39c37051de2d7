import { nowFromShared } from '../../core/clock.ts'

/** Makes `Date` follow the cloud's clock. Timeouts keep the machine's time: a stopped clock must not stop code. */
export function followSharedClock(shared: SharedArrayBuffer): void {
  const MachineDate = Date
  const machineNow = MachineDate.now.bind(MachineDate)
  const now = () => Math.floor(nowFromShared(shared, machineNow()))
  const CloudDate = new Proxy(MachineDate, {
    construct: (target, args, newTarget) =>
      Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
    apply: () => new MachineDate(now()).toString(),
  })
  MachineDate.now = now
  MachineDate.prototype.constructor = CloudDate
  globalThis.Date = CloudDate
}
