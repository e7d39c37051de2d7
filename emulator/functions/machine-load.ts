import { cpus } from 'node:os'

/** Starts to watch the machine; the returned function tells whether there was room for more threads since then. */
export function watchLoad(): () => { hasRoom: boolean } {
  const machineBefore = processorTimes()
  const cloudBefore = performance.eventLoopUtilization()
  return () => {
    const machine = processorTimes()
    const totalMs = machine.totalMs - machineBefore.totalMs
    const idleShare = totalMs === 0 ? 1 : (machine.idleMs - machineBefore.idleMs) / totalMs
    // Instances wait for the cloud's own thread then, and more of them would wait longer.
    const isCloudBusy = performance.eventLoopUtilization(cloudBefore).utilization > 0.8
    return { hasRoom: idleShare > 0.25 && !isCloudBusy }
  }
}

function processorTimes(): { idleMs: number; totalMs: number } {
  const times = cpus().map((cpu) => cpu.times)
  return {
    idleMs: times.reduce((sum, { idle }) => sum + idle, 0),
    totalMs: times.reduce((sum, { user, nice, sys, idle, irq }) => sum + user + nice + sys + idle + irq, 0),
  }
}
