import { describe, expect, it } from 'vitest'
import { findFileType } from './file-type.ts'

const latin = (text: string) => Buffer.from(text, 'latin1')

describe('the type of a file', () => {
  it.each([
    ['\xff\xd8\xff\xe0', 'image/jpeg'],
    ['\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR....', 'image/png'],
    ['GIF89a....', 'image/gif'],
    ['RIFF\x00\x00\x00\x00WEBPVP8 ', 'image/webp'],
    ['%PDF-1.7', 'application/pdf'],
    [
      'PK\x03\x04...[Content_Types].xml...word/document.xml',
      'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    ],
    [
      'PK\x03\x04...[Content_Types].xml...xl/workbook.xml',
      'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    ],
  ])('%j is %s', (content, type) => {
    expect(findFileType(latin(content))).toBe(type)
  })

  it.each([
    '',
    '\xff\xd8',
    '\x89PNG\r\n',
    '<svg/>',
    ' %PDF-',
    'RIFF....WAVE',
    'PK\x03\x04 word/document.xml',
    'MZ',
  ])('%j is none', (content) => {
    expect(findFileType(latin(content))).toBeUndefined()
  })
})
