// Passkeys, as the browser makes and shows them (W3C Web Authentication, Level 3). Nothing of them is kept by the page.

/** What goes to the server and comes from it: JSON as the standard writes it. */
type Json = Record<string, unknown>;

/** The person closed the browser's window, or no device answered. */
export class NoPasskey extends Error {}

/** Whether this browser makes passkeys for this address: names alone have them. */
export function hasPasskeys(): boolean {
  const isAddress = /^[\d.]+$|^\[/.test(location.hostname);
  return (
    !isAddress && typeof PublicKeyCredential === "function" && "parseCreationOptionsFromJSON" in PublicKeyCredential
  );
}

export async function makePasskey({ publicKey }: Json): Promise<Json> {
  const options = PublicKeyCredential.parseCreationOptionsFromJSON(publicKey as PublicKeyCredentialCreationOptionsJSON);
  return asked(() => navigator.credentials.create({ publicKey: options }));
}

export async function showPasskey({ publicKey }: Json): Promise<Json> {
  const options = PublicKeyCredential.parseRequestOptionsFromJSON(publicKey as PublicKeyCredentialRequestOptionsJSON);
  return asked(() => navigator.credentials.get({ publicKey: options }));
}

async function asked(ask: () => Promise<Credential | null>): Promise<Json> {
  let credential: Credential | null = null;
  try {
    credential = await ask();
  } catch {
    throw new NoPasskey();
  }
  if (!(credential instanceof PublicKeyCredential)) throw new NoPasskey();
  return credential.toJSON() as Json;
}
