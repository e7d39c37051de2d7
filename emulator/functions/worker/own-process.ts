/** A thread has the process id of the whole local cloud: who ends "its own process" ends the instance only. */
export function confineSignals(): void {
  const kill = process.kill.bind(process)
  process.kill = (pid, signal) => {
    // Signal 0 only asks whether the process is there.
    if (pid !== process.pid || signal === 0) return kill(pid, signal)
    process.exit(1)
  }
}
