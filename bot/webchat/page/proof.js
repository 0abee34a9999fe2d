// A worker that looks for the proof of work of a tab: a number whose SHA-256 behind the token begins with zero bits.
// Web Crypto answers one hash at a time and only on secure pages, so SHA-256 (FIPS 180-4) stands here.

const BITS = 18; // as in base/tokens.py

function primes(count) {
  const found = [];
  for (let one = 2; found.length < count; one++) if (found.every((prime) => one % prime)) found.push(one);
  return found;
}

const fraction = (root) => ((root - Math.floor(root)) * 2 ** 32) | 0;
const K = Int32Array.from(primes(64), (prime) => fraction(Math.cbrt(prime)));
const START = Int32Array.from(primes(8), (prime) => fraction(Math.sqrt(prime)));
const words = new Int32Array(64);

/** The state after whole blocks of ASCII letters. */
function after(text) {
  const state = Int32Array.from(START);
  const view = new DataView(Uint8Array.from(text, (letter) => letter.charCodeAt(0)).buffer);
  for (let block = 0; block < text.length; block += 64) mix(state, view, block);
  return state;
}

/** Take one block of 64 bytes into the state. */
function mix(state, view, block) {
  for (let at = 0; at < 16; at++) words[at] = view.getInt32(block + 4 * at);
  for (let at = 16; at < 64; at++) {
    const early = words[at - 15], late = words[at - 2];
    const s0 = ((early >>> 7) | (early << 25)) ^ ((early >>> 18) | (early << 14)) ^ (early >>> 3);
    const s1 = ((late >>> 17) | (late << 15)) ^ ((late >>> 19) | (late << 13)) ^ (late >>> 10);
    words[at] = (((words[at - 16] + s0) | 0) + ((words[at - 7] + s1) | 0)) | 0;
  }
  let a = state[0], b = state[1], c = state[2], d = state[3];
  let e = state[4], f = state[5], g = state[6], h = state[7];
  for (let at = 0; at < 64; at++) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const t1 = (((h + s1) | 0) + ((g ^ (e & (f ^ g))) + ((K[at] + words[at]) | 0) | 0)) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const t2 = (s0 + ((a & b) ^ (c & (a ^ b)))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  state[0] += a;
  state[1] += b;
  state[2] += c;
  state[3] += d;
  state[4] += e;
  state[5] += f;
  state[6] += g;
  state[7] += h;
}

self.onmessage = ({ data: token }) => {
  // Zeros fill the token's block, so that each number costs one block, and nothing is made anew for it.
  const zeros = "0".repeat(63 - (token.length % 64));
  const before = after(token + ":" + zeros), state = new Int32Array(8);
  const last = new DataView(new ArrayBuffer(64));
  for (let number = 0; ; number++) {
    const digits = String(number);
    for (let at = 0; at < digits.length; at++) last.setUint8(at, digits.charCodeAt(at));
    last.setUint8(digits.length, 0x80);
    last.setUint32(60, (token.length + 1 + zeros.length + digits.length) * 8);
    state.set(before);
    mix(state, last, 0);
    if (state[0] >>> (32 - BITS) === 0) return self.postMessage(zeros + digits);
  }
};
