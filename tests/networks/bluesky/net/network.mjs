// The reference network (PLC, PDS, AppView and what they need) on given loopback ports, for tests.
// Prints one line of JSON when it is up. Ends when its standard input does, so that nobody is left behind.
import http from 'node:http'
import net from 'node:net'

// the services listen on all interfaces otherwise
const listen = net.Server.prototype.listen
net.Server.prototype.listen = function (...args) {
  const numeric = typeof args[0] === 'number' || /^\d+$/.test(String(args[0]))
  if (numeric && typeof args[1] !== 'string') args.splice(1, 0, '127.0.0.1')
  else if (args[0] && typeof args[0] === 'object' && args[0].port !== undefined && !args[0].host) args[0].host = '127.0.0.1'
  return listen.apply(this, args)
}

const given = JSON.parse(process.argv[2])
process.stdin.resume()
const gone = new Promise((resolve) => {
  process.stdin.on('end', resolve)
  process.stdin.on('close', resolve)
})
gone.then(() => setTimeout(() => process.exit(0), 5000).unref())

const { TestNetwork } = await import('@atproto/dev-env')
const network = await TestNetwork.create({
  dbPostgresUrl: given.postgres,
  dbPostgresSchema: given.schema,
  plc: { port: given.plc },
  pds: {
    port: given.pds,
    hostname: 'localhost',
    enableDidDocWithSession: true,
    rateLimitsEnabled: true,
    rateLimitBypassKey: 'bypass',
  },
  bsky: { port: given.bsky, publicUrl: `http://localhost:${given.bsky}` },
  ozone: { port: given.ozone },
})

const control = http.createServer(async (request, response) => {
  try {
    if (request.url === '/process-all') await network.processAll()
    response.end('{}')
  } catch (error) {
    response.statusCode = 500
    response.end(String(error))
  }
})
control.listen(given.control, '127.0.0.1', () => console.log(JSON.stringify({ ready: true })))

await gone
control.close()
await network.close()
process.exit(0)
