import { expect, test } from 'vitest'
import { base32, linkFor, openKey, readCode, readScan, slotAt, slotText, type ScreenKey } from './code'
import { draw, modulesOf } from './qr-picture'
import { decodeQR } from 'qr/decode.js'

// Vectors computed by the server's own rules (server/meetings/rules.py) with the key 00 01 … 1f.
const KEY = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8'
const screen = (meeting_code: string): ScreenKey => ({ display: 'AB', meeting_code, key: KEY, prefix: 'HTTPS://HONGLING.EXAMPLE/Q/', slot_seconds: 10 })

test.each([
  ['ABCDEFGH', 179533440, 'AFLG5UA', 'WWLOL6PNTR2RSXTS'],
  ['ZZZZ2345', 0, 'AAAAAAA', '6JW4J6UV4RZXO55O'],
  ['QRSTUVWX', 2147483647, 'B777777', 'V7PZ2PXQXUK3K5NH'],
])('the code of %s in slot %i is what the server computes', async (meeting, slot, letters, mac) => {
  const link = await linkFor(slot, screen(meeting), await openKey(screen(meeting)))
  expect(link).toBe(`HTTPS://HONGLING.EXAMPLE/Q/${meeting}${letters}AB${mac}`)
  expect(readScan(link)).toEqual({ text: `${meeting}${letters}AB${mac}`, meeting, slot: letters, display: 'AB', mac })
})

test('a slot has seven letters up to the last of its 35 bits', () => {
  expect(slotText(2 ** 35 - 1)).toBe('7777777')
  expect(slotText(1)).toBe('AAAAAAB')
  expect(slotText(32)).toBe('AAAAABA')
})

test('a slot ends on the second', () => {
  expect(slotAt(1_795_334_399_999, screen(''))).toBe(179533439)
  expect(slotAt(1_795_334_400_000, screen(''))).toBe(179533440)
})

const encoded = (words: string) => base32(new TextEncoder().encode(words))

test('base32 as in RFC 4648, without padding', () => {
  expect(['f', 'fo', 'foo', 'foob', 'fooba', 'foobar'].map(encoded)).toEqual(['MY', 'MZXQ', 'MZXW6', 'MZXW6YQ', 'MZXW6YTB', 'MZXW6YTBOI'])
})

const GOOD = 'ABCDEFGHAFLG5UAABWWLOL6PNTR2RSXTS'

test.each([
  ['as the screen shows it', `HTTPS://HONGLING.EXAMPLE/Q/${GOOD}`],
  ['in small letters, as some scanners hand it on', `https://hongling.example/q/${GOOD.toLowerCase()}`],
  ['on loopback with a port', `HTTP://127.0.0.1:8000/Q/${GOOD}`],
  ['with space around it', `  HTTPS://X/Q/${GOOD}\n`],
])('read: %s', (_, text) => {
  expect(readScan(text)?.text).toBe(GOOD)
})

test.each([
  ['another address', 'https://example.com/hello'],
  ['plain words', '欢迎光临'],
  ['a visiting card', 'BEGIN:VCARD\nFN:某人\nEND:VCARD'],
  ['the letters alone', GOOD],
  ['a letter short', `HTTPS://X/Q/${GOOD.slice(1)}`],
  ['a letter more', `HTTPS://X/Q/${GOOD}A`],
  ['digits that base32 has not', `HTTPS://X/Q/${GOOD.replace('5', '1')}`],
  ['something behind it', `HTTPS://X/Q/${GOOD}?next=/`],
  ['another path', `HTTPS://X/a/${GOOD}`],
  ['a script', `javascript:alert(1)//X/Q/${GOOD}`],
  ['nothing', ''],
  ['a very long text', 'A'.repeat(4000)],
  ['a null character', `HTTPS://X/Q/${GOOD.slice(0, 32)}\0`],
])('not a sign-in code: %s', (_, text) => {
  expect(readScan(text)).toBeUndefined()
})

test('what stands in an address is judged like what was scanned', () => {
  expect(readCode(GOOD.toLowerCase())?.meeting).toBe('ABCDEFGH')
  expect(readCode('A'.repeat(32))).toBeUndefined()
})

test('the picture stays coarse enough for the last row, and can be read back', () => {
  const link = `HTTPS://HONGLING.CITY.GOV.EXAMPLE/Q/${GOOD}`
  const rows = modulesOf(link)
  expect(rows.length).toBeLessThanOrEqual(33 + 8) // version 4, and four modules of quiet zone on each side
  expect(rows.slice(0, 4).flat().some(Boolean)).toBe(false)
  expect(draw(link).size).toBe(rows.length)
  const scale = 4
  const side = rows.length * scale
  const data = new Uint8ClampedArray(side * side * 4)
  for (let y = 0; y < side; y++) for (let x = 0; x < side; x++) data.set([...Array<number>(3).fill(rows[Math.floor(y / scale)]![Math.floor(x / scale)] ? 0 : 255), 255], (y * side + x) * 4)
  expect(decodeQR({ width: side, height: side, data }, { format: 'RGBA' })).toBe(link)
})
