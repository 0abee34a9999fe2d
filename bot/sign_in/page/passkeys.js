// Passkeys with the PRF extension (WebAuthn Level 3): what the browser is asked, and what of its answer goes to the server.

const UNDONE = { next: "again", said: "No passkey was used. You can try again, or take the other way." };
const UNFIT = { next: "again", said: "This passkey cannot open a desk: its device or browser lacks what it takes (PRF)." };
const ALGORITHMS = [-7, -8, -257]; // ES256, EdDSA, RS256 (IANA COSE), as the server takes them

/** Whether the browser knows passkeys at all; whether a device has PRF is known once it is asked. */
export function hasPasskeys() {
  return Boolean(window.PublicKeyCredential && navigator.credentials);
}

/** Sign in with whichever passkey the person picks; none is named, so that nobody learns who has one. */
export async function usePasskey(ask) {
  const asked = await ask("passkey/ask");
  if (asked.next !== "passkey") return asked;
  const found = await get(asked, []);
  if (!found) return UNDONE;
  const prf = evaluated(found);
  return prf ? ask("passkey/use", { answer: asserted(found), prf }) : UNFIT;
}

/** Make a passkey; some devices evaluate the PRF only when one is used, so they are asked a second time. */
export async function addPasskey(ask) {
  const asked = await ask("passkey/ask");
  if (asked.next !== "passkey") return asked;
  const made = await create(asked);
  if (!made) return UNDONE;
  const has = (made.getClientExtensionResults().prf || {}).enabled;
  const again = has && !evaluated(made) ? await get(asked, [{ type: "public-key", id: made.rawId }]) : made;
  const prf = again && evaluated(again);
  return prf ? ask("passkey/add", { answer: attested(made), prf }) : UNFIT;
}

async function create(asked) {
  try {
    return await navigator.credentials.create({ publicKey: {
      challenge: bytes(asked.challenge),
      rp: { id: asked.party, name: asked.party },
      user: { id: bytes(asked.user), name: asked.user_name, displayName: asked.user_name },
      pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: "public-key", alg })),
      authenticatorSelection: { residentKey: "required", requireResidentKey: true, userVerification: "required" },
      attestation: "none",
      extensions: { prf: { eval: { first: bytes(asked.prf_input) } } },
    } });
  } catch {
    return null; // the person, or the device, said no
  }
}

async function get(asked, allowCredentials) {
  try {
    return await navigator.credentials.get({ publicKey: {
      challenge: bytes(asked.challenge), rpId: asked.party, allowCredentials, userVerification: "required",
      extensions: { prf: { eval: { first: bytes(asked.prf_input) } } },
    } });
  } catch {
    return null;
  }
}

function evaluated(credential) {
  const { results } = credential.getClientExtensionResults().prf || {};
  return results && results.first ? btoa(String.fromCharCode(...new Uint8Array(results.first))) : "";
}

function asserted({ id, rawId, response }) {
  const { authenticatorData, clientDataJSON, signature, userHandle } = response;
  return said(id, rawId, { authenticatorData: text(authenticatorData), clientDataJSON: text(clientDataJSON), signature: text(signature), userHandle: userHandle ? text(userHandle) : null });
}

function attested({ id, rawId, response }) {
  return said(id, rawId, { attestationObject: text(response.attestationObject), clientDataJSON: text(response.clientDataJSON) });
}

function said(id, rawId, response) {
  return JSON.stringify({ id, rawId: text(rawId), type: "public-key", response, clientExtensionResults: {} });
}

function bytes(base64url) {
  return Uint8Array.from(atob(base64url.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
}

function text(buffer) {
  return btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}
