import type { DatabaseCase } from './case.ts'
import { computes, type Expressions, refuses } from './computes.ts'

const item = {
  _id: 'x',
  s: 'Héllo 世界',
  csv: 'a,b,,c',
  n: 5,
  nul: null,
  at: new Date(Date.UTC(2025, 2, 9, 15, 4, 5, 678)),
  newYear: new Date(Date.UTC(2026, 0, 1)),
}
const gives = (name: string, expression: (_: Expressions) => unknown, value: unknown) =>
  computes(item, name, expression, value)
const fails = (name: string, expression: (_: Expressions) => unknown, errMsg: RegExp) =>
  refuses(item, name, expression, errMsg)
const utc = (...parts: [number, number, number, number?, number?, number?, number?]) =>
  new Date(Date.UTC(...parts))

/** Texts, dates and types: MongoDB's manual, "Aggregation Pipeline Operators". */
export const textAndDateExpressionCases: DatabaseCase[] = [
  gives('concat', (_) => _.concat?.(['$s', '!', '']), 'Héllo 世界!'),
  gives('concat with a missing field is null', (_) => _.concat?.(['$s', '$none']), null),
  fails('concat of a number is refused', (_) => _.concat?.(['$s', '$n']), /\$concat only supports strings/),
  gives('indexOfBytes counts bytes', (_) => _.indexOfBytes?.(['$s', 'l']), 3),
  gives('indexOfCP counts characters', (_) => _.indexOfCP?.(['$s', '界']), 7),
  gives('indexOfCP within bounds', (_) => _.indexOfCP?.(['$s', 'l', 4]), -1),
  gives('split keeps empty parts', (_) => _.split?.(['$csv', ',']), ['a', 'b', '', 'c']),
  gives('split of null is null', (_) => _.split?.(['$nul', ',']), null),
  fails(
    'split by nothing is refused',
    (_) => _.split?.(['$csv', '']),
    /\$split requires a non-empty separator/,
  ),
  gives('strLenBytes', (_) => _.strLenBytes?.('$s'), 13),
  gives('strLenCP', (_) => _.strLenCP?.('$s'), 8),
  fails(
    'strLenCP of a missing field is refused',
    (_) => _.strLenCP?.('$none'),
    /\$strLenCP requires a string argument/,
  ),
  gives('strcasecmp ignores case', (_) => _.strcasecmp?.(['ABC', 'abd']), -1),
  gives('strcasecmp takes null for an empty text', (_) => _.strcasecmp?.(['$nul', '']), 0),
  gives('substr counts bytes', (_) => _.substr?.(['$csv', 2, 3]), 'b,,'),
  gives('substrBytes to the end', (_) => _.substrBytes?.(['$csv', 4, -1]), ',c'),
  gives('substrBytes may end between characters only', (_) => _.substrBytes?.(['$s', 0, 3]), 'Hé'),
  gives('substrCP counts characters', (_) => _.substrCP?.(['$s', 6, 2]), '世界'),
  gives('substrCP of null is empty', (_) => _.substrCP?.(['$nul', 0, 2]), ''),
  gives('toLower changes ASCII letters', (_) => _.toLower?.('ÀBC'), 'Àbc'),
  gives('toUpper of null is empty', (_) => _.toUpper?.('$nul'), ''),
  gives('$trim takes white space off both ends', () => ({ $trim: { input: '  a b\n' } }), 'a b'),
  gives('$ltrim takes given characters', () => ({ $ltrim: { input: 'xxyz', chars: 'x' } }), 'yz'),
  gives('$rtrim', () => ({ $rtrim: { input: 'a..', chars: '.' } }), 'a'),
  gives('$regexMatch', () => ({ $regexMatch: { input: '$csv', regex: '^A', options: 'i' } }), true),
  gives('$replaceAll', () => ({ $replaceAll: { input: '$csv', find: ',', replacement: ';' } }), 'a;b;;c'),
  gives('$replaceOne', () => ({ $replaceOne: { input: '$csv', find: ',', replacement: '' } }), 'ab,,c'),

  gives('$toString of a number', () => ({ $toString: '$n' }), '5'),
  gives('$toInt of a text', () => ({ $toInt: '42' }), 42),
  fails(
    '$toInt of a text that is no number is refused',
    () => ({ $toInt: '$csv' }),
    /Failed to parse number/,
  ),
  gives('$toDouble', () => ({ $toDouble: '2.5' }), 2.5),
  gives('$toBool of 0', () => ({ $toBool: 0 }), false),
  gives('$toDate of milliseconds', () => ({ $toDate: { $literal: 1000 } }), new Date(1000)),
  gives('$toLong of a date', () => ({ $toLong: '$newYear' }), Date.UTC(2026, 0, 1)),
  gives('$type of a missing field', () => ({ $type: '$none' }), 'missing'),
  gives('$type of a whole number', () => ({ $type: '$n' }), 'int'),
  gives('$type of a date', () => ({ $type: '$at' }), 'date'),
  gives('$convert with onError', () => ({ $convert: { input: '$csv', to: 'int', onError: -1 } }), -1),
  gives('$convert with onNull', () => ({ $convert: { input: '$nul', to: 'int', onNull: 0 } }), 0),

  gives('year', (_) => _.year?.('$at'), 2025),
  gives('month', (_) => _.month?.('$at'), 3),
  gives('dayOfMonth', (_) => _.dayOfMonth?.('$at'), 9),
  gives('dayOfWeek begins with Sunday as 1', (_) => _.dayOfWeek?.('$at'), 1),
  gives('dayOfYear', (_) => _.dayOfYear?.('$at'), 68),
  gives('hour', (_) => _.hour?.('$at'), 15),
  gives('minute', (_) => _.minute?.('$at'), 4),
  gives('second', (_) => _.second?.('$at'), 5),
  gives('millisecond', (_) => _.millisecond?.('$at'), 678),
  gives('week counts from Sunday', (_) => _.week?.('$at'), 10),
  gives('isoDayOfWeek ends with Sunday as 7', (_) => _.isoDayOfWeek?.('$at'), 7),
  gives('isoWeek', (_) => _.isoWeek?.('$at'), 10),
  gives('isoWeek of a new year may be 1', (_) => _.isoWeek?.('$newYear'), 1),
  gives('isoWeekYear', (_) => _.isoWeekYear?.(utc(2025, 11, 29)), 2026),
  gives(
    'a part of a date in a time zone',
    (_) => _.dayOfMonth?.({ date: '$at', timezone: 'Asia/Tokyo' }),
    10,
  ),
  gives('a part of a date at an offset', (_) => _.hour?.({ date: '$at', timezone: '+0530' }), 20),
  gives('a part of null is null', (_) => _.year?.('$nul'), null),
  fails('a part of a number is refused', (_) => _.year?.('$n'), /can't convert from .*int.* to Date/),
  gives(
    'dateFromParts',
    (_) => _.dateFromParts?.({ year: 2025, month: 2, day: 3, hour: 12 }),
    utc(2025, 1, 3, 12),
  ),
  gives(
    'dateFromParts in a time zone',
    (_) => _.dateFromParts?.({ year: 2025, month: 1, day: 1, timezone: 'Asia/Shanghai' }),
    utc(2024, 11, 31, 16),
  ),
  gives(
    'dateFromParts carries what is too much',
    (_) => _.dateFromParts?.({ year: 2025, month: 14, day: 1 }),
    utc(2026, 1, 1),
  ),
  gives(
    'dateFromParts of ISO weeks',
    (_) => _.dateFromParts?.({ isoWeekYear: 2025, isoWeek: 10, isoDayOfWeek: 7 }),
    utc(2025, 2, 9),
  ),
  gives(
    'dateFromString',
    (_) => _.dateFromString?.({ dateString: '2025-03-09T15:04:05Z' }),
    utc(2025, 2, 9, 15, 4, 5),
  ),
  gives(
    'dateFromString in a time zone',
    (_) => _.dateFromString?.({ dateString: '2025-03-09T08:00:00', timezone: 'Asia/Shanghai' }),
    utc(2025, 2, 9),
  ),
  gives('dateFromString of null is null', (_) => _.dateFromString?.({ dateString: '$nul' }), null),
  gives(
    'dateFromString by a format',
    () => ({ $dateFromString: { dateString: '09/03/2025', format: '%d/%m/%Y' } }),
    utc(2025, 2, 9),
  ),
  fails(
    'dateFromString of nonsense is refused',
    (_) => _.dateFromString?.({ dateString: 'soon' }),
    /Error parsing date string 'soon'/,
  ),
  gives(
    'dateToString by default',
    (_) => _.dateToString?.({ date: '$at', format: '%Y-%m-%dT%H:%M:%S.%LZ' }),
    '2025-03-09T15:04:05.678Z',
  ),
  gives(
    'dateToString of weeks and days',
    (_) => _.dateToString?.({ date: '$at', format: '%j %U %u %w %G-%V %%' }),
    '068 10 7 1 2025-10 %',
  ),
  gives(
    'dateToString in a time zone',
    (_) => _.dateToString?.({ date: '$at', format: '%d %H %z', timezone: 'Asia/Shanghai' }),
    '09 23 +0800',
  ),
  gives(
    'dateToString of a missing date is null',
    (_) => _.dateToString?.({ date: '$none', format: '%Y' }),
    null,
  ),
]
