/**
 * Runs inside the process of an HTTP function, before its code. The platform gives each function port 9000 of its own;
 * here `listen(9000)` takes the port in PORT, and every port is opened on loopback only.
 */
const net = require('node:net')

const PLATFORM_PORT = 9000
const { PORT, LOCAL_CLOUD_PID } = process.env
const { listen } = net.Server.prototype

const here = (port) => ({
  port: Number(port) === PLATFORM_PORT ? Number(PORT) : Number(port),
  host: '127.0.0.1',
})

net.Server.prototype.listen = function (...args) {
  const [first] = args
  const isPort = typeof first === 'number' || (typeof first === 'string' && /^\d+$/.test(first))
  if (isPort) return listen.call(this, here(first), ...args.filter((one) => typeof one === 'function'))
  if (typeof first === 'object' && first !== null && first.port !== undefined)
    return listen.call(this, { ...first, ...here(first.port) }, ...args.slice(1))
  return listen.apply(this, args)
}

// A killed cloud cannot end its functions: they end themselves.
setInterval(() => {
  try {
    process.kill(Number(LOCAL_CLOUD_PID), 0)
  } catch {
    process.exit(1)
  }
}, 1_000).unref()
