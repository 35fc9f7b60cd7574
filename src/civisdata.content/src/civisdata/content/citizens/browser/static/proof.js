/**
 * A worker: finds a number so that SHA-256 of « nonce:number » begins with enough zero
 * bits (see signup/proof.py). It is sent {nonce, bits} and sends the number back. An own
 * loop: for so short a text, crypto.subtle would take ten times as long.
 */

const K = new Uint32Array(64);
const START = new Uint32Array(8);

/** The constants of SHA-256 are the first bits of roots of the first primes. */
{
  let count = 0;
  for (let n = 2; count < 64; n += 1) {
    let prime = true;
    for (let d = 2; d * d <= n; d += 1) if (n % d === 0) prime = false;
    if (!prime) continue;
    const fraction = (root) => Math.floor((root - Math.floor(root)) * 2 ** 32);
    if (count < 8) START[count] = fraction(Math.sqrt(n));
    K[count] = fraction(Math.cbrt(n));
    count += 1;
  }
}

const words = new Uint32Array(64);
const block = new Uint8Array(64);
const view = new DataView(block.buffer);
const turn = (x, n) => (x >>> n) | (x << (32 - n));

/** Give the first word of SHA-256 of the block at hand. */
function firstWord() {
  for (let i = 0; i < 16; i += 1) words[i] = view.getUint32(i * 4);
  for (let i = 16; i < 64; i += 1) {
    const x = words[i - 15];
    const y = words[i - 2];
    const s0 = turn(x, 7) ^ turn(x, 18) ^ (x >>> 3);
    const s1 = turn(y, 17) ^ turn(y, 19) ^ (y >>> 10);
    words[i] = words[i - 16] + s0 + words[i - 7] + s1;
  }
  let [a, b, c, d, e, f, g, h] = START;
  for (let i = 0; i < 64; i += 1) {
    const s1 = turn(e, 6) ^ turn(e, 11) ^ turn(e, 25);
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + K[i] + words[i]) | 0;
    const s0 = turn(a, 2) ^ turn(a, 13) ^ turn(a, 22);
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  return (START[0] + a) >>> 0;
}

/** Find the number; a nonce of 16 characters and ten digits are one block. */
function solve(nonce, bits) {
  const encoder = new TextEncoder();
  for (let number = 0; ; number += 1) {
    const text = encoder.encode(`${nonce}:${number}`);
    block.fill(0);
    block.set(text);
    block[text.length] = 0x80;
    view.setUint32(60, text.length * 8);
    if (firstWord() >>> (32 - bits) === 0) return number;
  }
}

self.addEventListener("message", ({ data }) => {
  if (data.bits < 1 || data.bits > 31) return;
  self.postMessage({ ...data, number: solve(data.nonce, data.bits) });
});
