/**
 * Who may import whom. Each row speaks for the files that `from` matches; the first row that matches a file counts.
 * `$1` in `may` is what the first group of `from` matched. Packages and Node are open to everybody.
 */
export const importRules: readonly ImportRule[] = [
  {
    from: /^cloudfunctions\/.*\.(?:test|fixture)\.ts$/,
    may: [/^cloudfunctions\//, /^test\/support\//],
    because: 'a unit test knows the functions and the mocked SDK, never the local cloud',
  },
  {
    from: /^cloudfunctions\/_kernel\//,
    may: ['cloudfunctions/_kernel/'],
    because: 'every capability stands on the kernel, so it knows none of them',
  },
  {
    from: /^cloudfunctions\/_events\//,
    may: [
      'cloudfunctions/_events/',
      /^cloudfunctions\/_kernel\/index\.ts$/,
      /^cloudfunctions\/[a-z]\w*\/public\.ts$/,
    ],
    because: 'it introduces capabilities to each other by what each has made public',
  },
  {
    from: /^cloudfunctions\/([a-z][\w-]*)\/index\.ts$/,
    may: [
      'cloudfunctions/$1/',
      /^cloudfunctions\/_events\/index\.ts$/,
      /^cloudfunctions\/_kernel\/index\.ts$/,
      /^cloudfunctions\/[a-z][\w-]*\/public\.ts$/,
    ],
    because: 'a capability stands on the front page of the kernel and on what others have made public',
  },
  {
    from: /^cloudfunctions\/([a-z][\w-]*)\//,
    may: [
      'cloudfunctions/$1/',
      /^cloudfunctions\/_kernel\/index\.ts$/,
      /^cloudfunctions\/[a-z][\w-]*\/public\.ts$/,
    ],
    because:
      'a capability uses the front page of the kernel (_kernel/index.ts) and what others have made public (public.ts); only its index.ts subscribes to _events',
  },
  {
    from: /^emulator\/core\//,
    may: ['emulator/core/'],
    because: 'every module of the local cloud stands on the core',
  },
  {
    from: /^emulator\/(?:testing\/|.*\.test\.ts$)/,
    may: ['emulator/'],
    because: 'tests of the local cloud may start all of it, and know nothing outside of it',
  },
  {
    from: /^emulator\/assembly\//,
    may: ['emulator/assembly/', 'emulator/core/', /^emulator\/[\w-]+\/index\.ts$/],
    because: 'it puts the modules together, each by its door',
  },
  {
    from: /^emulator\/([\w-]+)\//,
    may: ['emulator/$1/', 'emulator/core/'],
    because: 'modules of the local cloud do not know each other: emulator/assembly hands one to another',
  },
  {
    from: /^emulator\/index\.ts$/,
    may: ['emulator/'],
    because: 'the local cloud loads built functions, as a stranger would',
  },
  {
    from: /^test\/(?:support|conformance|bench|fuzz|consistency)\//,
    may: [
      'test/',
      'emulator/core/',
      'emulator/testing/',
      /^emulator\/index\.ts$/,
      /^emulator\/(?:database|storage|wechat)\/index\.ts$/,
      /^cloudfunctions\/[\w-]+\/(routes|public)\.ts$/,
      /^cloudfunctions\/_kernel\/index\.ts$/,
      /^scripts\/build\//,
      'miniprogram-stub/api/',
    ],
    because:
      'tests come in through doors; the mocked SDK and the conformance cases are built on the engines of database, storage and wechat',
  },
  {
    from: /^test\//,
    may: [
      'test/',
      /^emulator\/index\.ts$/,
      /^cloudfunctions\/[\w-]+\/(routes|public)\.ts$/,
      /^cloudfunctions\/_kernel\/index\.ts$/,
      'miniprogram-stub/api/',
    ],
    because: 'tests come in through doors, as a user does',
  },
  {
    from: /^scripts\/rules-test/,
    may: ['scripts/', /^emulator\/(?:rules|project)\/index\.ts$/],
    because: 'it asks the rules themselves, without a cloud around them',
  },
  {
    from: /^scripts\//,
    may: [
      'scripts/',
      /^test\/bench\/[\w-]+\/index\.ts$/,
      /^emulator\/index\.ts$/,
      /^cloudfunctions\/[\w-]+\/(routes|public)\.ts$/,
      /^cloudfunctions\/_kernel\/index\.ts$/,
      'miniprogram-stub/api/',
    ],
    because: 'scripts come in through doors, as a user does',
  },
  {
    from: /^miniprogram-stub\//,
    may: ['miniprogram-stub/'],
    mayImportTypes: [
      /^cloudfunctions\/[\w-]+\/(routes|public)\.ts$/,
      /^cloudfunctions\/_kernel\/(index|route)\.ts$/,
    ],
    because:
      'the mini program is built by WeChat DevTools: from functions it takes the types of their routes, no code',
  },
]

export interface ImportRule {
  from: RegExp
  /** Folders (ending in a slash, with everything in them) and patterns of files. */
  may: readonly (string | RegExp)[]
  /** Only by `import type`. */
  mayImportTypes?: readonly RegExp[]
  because: string
}
