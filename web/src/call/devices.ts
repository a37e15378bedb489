// The microphone: whether it may be used, and opening it. It never opens one unasked: only for a call, or because the
// reader pressed the button that says so.

export type MicrophoneState = "unknown" | "granted" | "prompt" | "denied" | "missing" | "unsupported";

/** Why no microphone could be opened. */
export class MicrophoneError extends Error {
  readonly state: MicrophoneState;

  constructor(state: MicrophoneState) {
    super(state);
    this.name = "MicrophoneError";
    this.state = state;
  }
}

const CONSTRAINTS: MediaStreamConstraints = {
  audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
};

let state: MicrophoneState = "unknown";
const listeners = new Set<() => void>();

function set(changed: MicrophoneState): void {
  if (changed === state) return;
  state = changed;
  for (const listener of listeners) listener();
}

export const microphone = {
  state: (): MicrophoneState => state,
  subscribe: (listener: () => void): (() => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};

/** Keeps `microphone.state()` true from now on. */
export async function watchMicrophone(): Promise<void> {
  if (!navigator.mediaDevices?.getUserMedia) {
    set("unsupported");
    return;
  }
  navigator.mediaDevices.addEventListener("devicechange", () => void look());
  try {
    const permission = await navigator.permissions.query({ name: "microphone" as PermissionName });
    permission.onchange = () => void look();
  } catch {
    // A browser that cannot be asked tells at the first call instead.
  }
  await look();
}

async function look(): Promise<void> {
  const inputs = (await navigator.mediaDevices.enumerateDevices()).filter((device) => device.kind === "audioinput");
  if (inputs.length === 0) {
    set("missing");
    return;
  }
  try {
    set((await navigator.permissions.query({ name: "microphone" as PermissionName })).state);
  } catch {
    // Names are only told once permission was given.
    set(inputs.some((device) => device.label !== "") ? "granted" : "prompt");
  }
}

/** Opens the microphone; asks the reader when the browser must. Throws `MicrophoneError`. */
export async function openMicrophone(): Promise<MediaStream> {
  if (!navigator.mediaDevices?.getUserMedia) {
    set("unsupported");
    throw new MicrophoneError("unsupported");
  }
  try {
    const stream = await navigator.mediaDevices.getUserMedia(CONSTRAINTS);
    set("granted");
    return stream;
  } catch (error) {
    const name = error instanceof DOMException ? error.name : "";
    set(name === "NotAllowedError" || name === "SecurityError" ? "denied" : "missing");
    throw new MicrophoneError(state);
  }
}

/** Asks for permission now, so that no call has to wait for it. */
export async function allowMicrophone(): Promise<void> {
  const stream = await openMicrophone();
  for (const track of stream.getTracks()) track.stop();
}
