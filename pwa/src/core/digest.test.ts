import { expect, test } from 'vitest'
import { contentDigest, sha256 } from './digest'
import { sha256Bytes } from './digest-plain'
import { hex } from './ids'

test('the digest of known bytes is the known one', async () => {
  expect(await sha256('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
  expect(await sha256('红领通')).toBe(hex(sha256Bytes(new TextEncoder().encode('红领通'))))
})

test('without WebCrypto our own gives the same for every length around a block', async () => {
  for (let length = 0; length < 200; length++) {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 7 + length) % 256)
    expect(hex(sha256Bytes(bytes))).toBe(await sha256(bytes))
  }
})

test('Content-Digest is the same bytes in base64', async () => {
  expect(contentDigest(await sha256(''))).toBe('sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:')
})
