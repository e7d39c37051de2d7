import { exchange, whole, withSharedHelpers } from './patch-source.ts'

/**
 * What the bundler does with the parts of the server SDK, and of two other packages, that a function never or seldom
 * uses.
 * This table is the whole rule: to use a part that is cut, delete its row and build again.
 */
export const sdkParts: readonly SdkPart[] = [
  {
    treatment: 'cut',
    files: ['@cloudbase/node-sdk/dist/ai/'],
    usedBy: 'cloud.ai()',
    why: 'it pulls in 400 kB of web adapters and stream polyfills, and no function talks to a model',
  },
  {
    treatment: 'cut',
    files: ['@cloudbase/wx-cloud-client-sdk/'],
    usedBy: 'app.models, app.mysql() and app.rdb()',
    why: 'functions keep their data in the document database',
    // app.models is made when the SDK starts: it refuses at its first use, not at start.
    calledAtStart: ['generateHTTPClient'],
  },
  {
    treatment: 'cut',
    files: ['@cloudbase/database/dist/commonjs/realtime/'],
    usedBy: 'watch()',
    why: 'realtime belongs to clients: an instance is frozen between two events',
  },
  {
    treatment: 'cut',
    files: ['http-proxy-agent/', 'https-proxy-agent/'],
    usedBy: 'init({ proxy })',
    why: 'a function reaches its cloud directly',
  },
  {
    treatment: 'cut',
    // The SDK asks the metadata service only when TENCENTCLOUD_RUNENV is not SCF, and takes an error for "not there".
    files: ['axios/'],
    usedBy: 'app.requestClient and credentials from the metadata service',
    why: 'a function has fetch(), and its credentials in the environment',
  },
  {
    treatment: 'seldom',
    files: ['jsonwebtoken/index.js'],
    why: 'only auth().createTicket() signs a token',
  },
  {
    treatment: 'seldom',
    files: ['form-data/lib/form_data.js'],
    why: 'only open APIs and payment are sent as forms',
  },
  {
    treatment: 'seldom',
    files: ['mime-db/index.js'],
    why: 'only open APIs that take a picture ask for the extension of its type',
  },
  {
    treatment: 'cut',
    files: [
      '@cloudbase/node-sdk/dist/analytics/',
      '@cloudbase/node-sdk/dist/cloudrun/',
      '@cloudbase/node-sdk/dist/notification/',
    ],
    usedBy: 'app.analytics(), app.callContainer() and app.sendTemplateNotification()',
    why: 'they belong to other kinds of app',
  },
  {
    treatment: 'cut',
    files: ['zod/v4/core/to-json-schema.js', 'zod/v4/core/json-schema-processors.js'],
    usedBy: 'toJSONSchema()',
    why: 'a function parses its input and describes it to nobody',
    calledAtStart: ['createStandardJSONSchemaMethod'],
  },
  {
    treatment: 'patch',
    files: ['cockatiel/dist/index.js'],
    why: 'the same as modules, of which only the policies that are used are kept',
    patch: whole("export * from './esm/index.js'"),
  },
  {
    treatment: 'patch',
    files: ['xml2js/lib/xml2js.js'],
    why: 'only reads the refusal of an upload, four elements deep: 100 kB for what takes fifteen lines',
    patch: whole("exports.parseString = require('sdk-stub:parse-upload-reply')"),
  },
  {
    treatment: 'patch',
    files: ['mime-db/db.json'],
    why: 'only the extensions are looked up, never of a vendor’s own type, and text in quotes costs no time at start',
    patch: onlyExtensions,
  },
  {
    treatment: 'patch',
    files: ['wx-server-sdk/index.js'],
    why: 'of what is generated for a protobuf message, the SDK calls only encode() and decode()',
    patch: exchange({
      find: /^( {4,12})[\w.]+\.(?:verify|fromObject|toObject|encodeDelimited|decodeDelimited|getTypeUrl) = function[\s\S]*?^\1\};$/gm,
      by: '',
      times: 95,
    }),
  },
  {
    treatment: 'patch',
    files: ['long/umd/index.js'],
    why: 'protobuf uses it for 64-bit fields when it is there; the messages of open APIs have none',
    patch: whole(''),
  },
  {
    treatment: 'patch',
    files: ['wx-server-sdk/index.js'],
    why: 'configures json-bigint at load, which would fetch it at once',
    patch: exchange({
      find: /const JSONBigInt = (JSONBigIntDefault\({[^}]*}\));/g,
      by: 'const JSONBigInt = require("sdk-stub:lazy")(() => $1);',
      times: 1,
    }),
  },
  {
    treatment: 'seldom',
    files: ['wx-server-sdk/index.js'],
    // The package is one webpack bundle; these are names of modules inside of it.
    webpackModules: ['./src/protobuf/openapi.js', 'protobufjs/minimal', 'json-bigint', 'mime-db'],
    why: 'only open APIs speak protobuf, and need integers of more than 53 bits',
  },
  {
    treatment: 'patch',
    files: ['@cloudbase/node-sdk/dist/utils/request-core.js'],
    why: 'inside the cloud the SDK speaks plain HTTP, and keeps connections alive by Node; a call that is refused speaks to nobody',
    patch: exchange(
      {
        find: /__importDefault\(require\("(https?)"\)\)/g,
        by: '{ get default() { return require("$1") } }',
        times: 2,
      },
      {
        find: /__importStar\(require\("agentkeepalive"\)\)/g,
        by: '{ get default() { return require("agentkeepalive") }, get HttpsAgent() { return require("agentkeepalive").HttpsAgent } }',
        times: 1,
      },
    ),
  },
  {
    treatment: 'patch',
    files: ['@cloudbase/node-sdk/dist/utils/tcbapirequester.js', '@cloudbase/node-sdk/dist/utils/request.js'],
    why: 'the same: HTTP is loaded by the first request',
    patch: exchange({
      find: /__importDefault\(require\("http"\)\)/g,
      by: '{ get default() { return require("http") } }',
      times: 1,
    }),
  },
  {
    treatment: 'seldom',
    files: ['agentkeepalive/index.js'],
    why: 'connections are kept alive by it only outside of a cloud function',
  },
  {
    treatment: 'patch',
    files: ['bson/lib/bson.js'],
    why: 'the wire is Extended JSON text; the binary serializer is 30 kB and allocates 17 MB at load',
    patch: whole("exports.EJSON = require('sdk-stub:extended-json')(require('./extended_json'))"),
  },
  {
    treatment: 'seldom',
    files: ['bson/lib/extended_json.js'],
    why: 'only documents with more than text, numbers, dates, lists and objects need the types of bson',
  },
  {
    treatment: 'patch',
    files: ['@cloudbase/node-sdk/dist/utils/version.js'],
    why: 'looks for its package.json two folders above the bundle',
    patch: whole("export { version } from '../../package.json'"),
  },
  {
    treatment: 'patch',
    files: ['@cloudbase/node-sdk/dist/'],
    why: 'brings the same helpers of TypeScript in each of 40 files',
    patch: withSharedHelpers,
  },
  {
    treatment: 'patch',
    files: [
      'jsonwebtoken/lib/asymmetricKeyDetailsSupported.js',
      'jsonwebtoken/lib/psSupported.js',
      'jsonwebtoken/lib/rsaPssKeyDetailsSupported.js',
    ],
    why: 'compare the version of Node with releases before 17, by a 30 kB package; functions run on 20 and later',
    patch: whole('module.exports = true'),
  },
]

export type SdkPart = CutPart | SeldomPart | PatchedPart

interface PartOfSdk {
  /** Files below node_modules; one that ends in a slash is a folder with everything in it. */
  files: readonly string[]
  why: string
}

/** Left out; a stub in its place refuses when it is used, with `usedBy` and `why` in the message. */
export interface CutPart extends PartOfSdk {
  treatment: 'cut'
  /** The calls that need it, as a developer writes them. */
  usedBy: string
  /** Members that the SDK calls while it starts: their result refuses, not the call. */
  calledAtStart?: readonly string[]
}

/** Kept in a file of its own beside index.js, which is read when the part is first used. */
export interface SeldomPart extends PartOfSdk {
  treatment: 'seldom'
  /** Only these modules inside a file that webpack made. */
  webpackModules?: readonly string[]
}

/** A file whose source is changed before it is bundled. */
export interface PatchedPart extends PartOfSdk {
  treatment: 'patch'
  patch: (source: string) => string
}

/** The table of media types as one text, `image/png png` a line, spread out when it is first asked for. */
function onlyExtensions(json: string): string {
  const types: Record<string, { extensions?: string[] }> = JSON.parse(json)
  const lines = Object.entries(types).flatMap(([type, { extensions }]) =>
    extensions === undefined || type.includes('/vnd.') ? [] : [[type, ...extensions].join(' ')],
  )
  return `for (const line of ${JSON.stringify(lines.join('\n'))}.split('\\n')) {
    const [type, ...extensions] = line.split(' ')
    exports[type] = { extensions }
  }`
}
