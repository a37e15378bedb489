// One WebRTC audio connection to our own server: Opus, G.711 and telephone-event only, a complete SDP at once, and a new one
// when the network under it changes. Used by the desk and by the customer's phone; it knows neither.

import { type Meter, meterOf } from "./level.ts";

export type Levels = { rx: number; tx: number };

export type Peer = {
  /** Our complete offer. */
  offer: () => Promise<string>;
  answer: (sdp: string) => Promise<void>;
  /** What the far side says. */
  remote: MediaStream;
  mute: (muted: boolean) => void;
  /** Sends one key as RFC 4733 events; false when the far side takes none. */
  key: (digit: string) => boolean;
  levels: () => Levels;
  /** Called with true when audio can flow, false when it cannot any more. */
  onMedia: (listener: (up: boolean) => void) => void;
  /** Called with a new complete offer when the way to the server was lost: its answer leads the call over a new one. */
  onRestart: (listener: (sdp: string) => void) => void;
  close: () => void;
};

/** Gathering is cut off here, milliseconds: the server is ICE-lite and answers from where our packets come. */
const GATHER_MAX_MS = 1_000;

/** Before a new way is looked for again, milliseconds; the server waits twelve seconds for a browser that fell silent. */
const RESTART_EVERY_MS = 2_500;

/** How long a key sounds, and the pause after it, milliseconds: long enough for any detector on the way. */
const KEY_MS = 100;
const KEY_GAP_MS = 50;

/** What the server speaks: Opus, G.711, and keys as RFC 4733 events at the clock of either. */
function isSpoken(codec: { mimeType: string }): boolean {
  return /^audio\/(opus|pcmu|pcma|telephone-event)$/i.test(codec.mimeType);
}

export function openPeer(microphone: MediaStream, iceServers: RTCIceServer[]): Peer {
  const connection = new RTCPeerConnection({ iceServers });
  const remote = new MediaStream();
  const [track] = microphone.getAudioTracks();
  const transceiver = connection.addTransceiver(track ?? "audio", { direction: "sendrecv", streams: [microphone] });
  const codecs = RTCRtpReceiver.getCapabilities("audio")?.codecs.filter(isSpoken) ?? [];
  if (codecs.length > 0 && "setCodecPreferences" in transceiver) transceiver.setCodecPreferences(codecs);

  const restarts = new Restarts(connection);
  let rx: Meter | null = null;
  const tx = meterOf(microphone);
  connection.ontrack = (event) => {
    remote.addTrack(event.track);
    rx ??= meterOf(remote);
  };

  return {
    remote,
    offer: async () => {
      await connection.setLocalDescription(await connection.createOffer());
      await gathered(connection);
      return connection.localDescription?.sdp ?? "";
    },
    answer: async (sdp) => {
      await connection.setRemoteDescription({ type: "answer", sdp });
      restarts.look();
    },
    onRestart: (listener) => restarts.begin(listener),
    mute: (muted) => {
      for (const local of microphone.getAudioTracks()) local.enabled = !muted;
    },
    key: (digit) => {
      const keys = transceiver.sender.dtmf;
      if (!keys?.canInsertDTMF) return false;
      // What is still waiting stays in front: inserting replaces the buffer.
      keys.insertDTMF(keys.toneBuffer + digit, KEY_MS, KEY_GAP_MS);
      return true;
    },
    levels: () => ({ rx: rx?.level() ?? 0, tx: tx.level() }),
    onMedia: (listener) => {
      connection.onconnectionstatechange = () => {
        if (connection.connectionState === "connected") listener(true);
        if (connection.connectionState === "disconnected" || connection.connectionState === "failed") listener(false);
      };
    },
    close: () => {
      connection.onconnectionstatechange = null;
      restarts.end();
      connection.close();
      rx?.close();
      tx.close();
      for (const local of microphone.getTracks()) local.stop();
    },
  };
}

/** Looks for a new way when the one in use is lost, or the computer is on another network. */
class Restarts {
  #connection: RTCPeerConnection;
  #tell: ((sdp: string) => void) | null = null;
  #timer: ReturnType<typeof setInterval> | null = null;
  #isMaking = false;

  constructor(connection: RTCPeerConnection) {
    this.#connection = connection;
  }

  begin(tell: (sdp: string) => void): void {
    this.#tell = tell;
    this.#connection.oniceconnectionstatechange = this.look;
    addEventListener("online", this.#moved);
    network()?.addEventListener("change", this.#moved);
  }

  end(): void {
    this.#tell = null;
    this.#connection.oniceconnectionstatechange = null;
    removeEventListener("online", this.#moved);
    network()?.removeEventListener("change", this.#moved);
    this.#rest();
  }

  /** A restart may be over without any change of state. */
  look = (): void => {
    const state = this.#connection.iceConnectionState;
    if (state === "disconnected" || state === "failed") this.#seek();
    else if (state === "connected" || state === "completed") this.#rest();
  };

  /** The old way may still look alive for seconds. Before there was one, the first offer is still under way. */
  #moved = (): void => {
    if (this.#connection.remoteDescription) this.#seek();
  };

  #seek(): void {
    if (this.#timer !== null) return;
    this.#timer = setInterval(() => void this.#make(), RESTART_EVERY_MS);
    void this.#make();
  }

  #rest(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  async #make(): Promise<void> {
    if (this.#isMaking) return;
    this.#isMaking = true;
    try {
      await this.#connection.setLocalDescription(await this.#connection.createOffer({ iceRestart: true }));
      await gathered(this.#connection);
      const sdp = this.#connection.localDescription?.sdp;
      if (sdp) this.#tell?.(sdp);
    } catch {
      // Closed meanwhile, or not ready for an offer: the next round tries again.
    } finally {
      this.#isMaking = false;
    }
  }
}

/** What tells of a change of network; not every browser has it. */
function network(): EventTarget | undefined {
  return (navigator as { connection?: EventTarget }).connection;
}

function gathered(connection: RTCPeerConnection): Promise<void> {
  if (connection.iceGatheringState === "complete") return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, GATHER_MAX_MS);
    connection.onicegatheringstatechange = () => {
      if (connection.iceGatheringState !== "complete") return;
      clearTimeout(timer);
      resolve();
    };
  });
}
