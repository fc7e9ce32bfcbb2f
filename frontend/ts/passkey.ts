// A form with data-passkey asks the device for a passkey and sends what the
// device signed. Without a script, or on a device that has none, the form stays
// hidden: the password serves.

interface Descriptor {
  id: string;
  type: "public-key";
  transports?: AuthenticatorTransport[];
}

// Options are those of both ceremonies, as the server writes them.
interface Options {
  challenge: string;
  user?: { id: string; name: string; displayName: string };
  excludeCredentials?: Descriptor[];
  allowCredentials?: Descriptor[];
}

for (const form of document.querySelectorAll<HTMLFormElement>("form[data-passkey]")) {
  if (!window.PublicKeyCredential || !window.isSecureContext) continue;
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    if (field(form, "credential").value) return;
    event.preventDefault();
    void ask(form);
  }, true);
}

async function ask(form: HTMLFormElement): Promise<void> {
  const failed = form.querySelector<HTMLElement>("[data-passkey-failed]");
  if (failed) failed.hidden = true;
  try {
    const credential = await signed(form.dataset.passkey ?? "", JSON.parse(form.dataset.options ?? "") as Options);
    field(form, "credential").value = JSON.stringify(written(credential));
    const own = form.querySelector<HTMLInputElement>("input[name=own]");
    if (own) own.disabled = credential.authenticatorAttachment !== "platform";
    form.requestSubmit();
  } catch {
    // Refused, too late, or no passkey here: the browser has said which.
    if (failed) failed.hidden = false;
    failed?.focus();
  }
}

async function signed(ceremony: string, options: Options): Promise<PublicKeyCredential> {
  const publicKey = {
    ...options,
    challenge: bytes(options.challenge),
    user: options.user && { ...options.user, id: bytes(options.user.id) },
    excludeCredentials: options.excludeCredentials?.map(descriptor),
    allowCredentials: options.allowCredentials?.map(descriptor),
  };
  const credential = ceremony === "create"
    ? await navigator.credentials.create({ publicKey: publicKey as unknown as PublicKeyCredentialCreationOptions })
    : await navigator.credentials.get({ publicKey: publicKey as PublicKeyCredentialRequestOptions });
  return credential as PublicKeyCredential;
}

// The form of JSON that newer browsers write by themselves.
function written(credential: PublicKeyCredential): object {
  const { response } = credential;
  const values: Record<string, unknown> = { clientDataJSON: letters(response.clientDataJSON) };
  if (response instanceof AuthenticatorAttestationResponse) {
    values.attestationObject = letters(response.attestationObject);
    values.transports = response.getTransports?.() ?? [];
  } else if (response instanceof AuthenticatorAssertionResponse) {
    values.authenticatorData = letters(response.authenticatorData);
    values.signature = letters(response.signature);
    if (response.userHandle) values.userHandle = letters(response.userHandle);
  }
  return {
    id: credential.id,
    rawId: letters(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment ?? undefined,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: values,
  };
}

function field(form: HTMLFormElement, name: string): HTMLInputElement {
  return form.elements.namedItem(name) as HTMLInputElement;
}

function descriptor(d: Descriptor): PublicKeyCredentialDescriptor {
  return { ...d, id: bytes(d.id) };
}

function bytes(base64url: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64url.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

function letters(buffer: ArrayBuffer): string {
  const text = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("");
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
