// One WebRTC audio connection to our own server: G.711 and telephone-event only, no ICE servers, a complete SDP at
// once. Used by the desk and by the customer's phone; it knows neither.

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
  close: () => void;
};

/** Gathering is cut off here, milliseconds: the server is ICE-lite and answers from where our packets come. */
const GATHER_MAX_MS = 1_000;

/** How long a key sounds, and the pause after it, milliseconds: long enough for any detector on the way. */
const KEY_MS = 100;
const KEY_GAP_MS = 50;

/** The server speaks G.711, and keys as RFC 4733 events at the same clock. */
function isSpoken(codec: { mimeType: string; clockRate: number }): boolean {
  return /^audio\/(pcmu|pcma|telephone-event)$/i.test(codec.mimeType) && codec.clockRate === 8000;
}

export function openPeer(microphone: MediaStream): Peer {
  const connection = new RTCPeerConnection();
  const remote = new MediaStream();
  const [track] = microphone.getAudioTracks();
  const transceiver = connection.addTransceiver(track ?? "audio", { direction: "sendrecv", streams: [microphone] });
  const codecs = RTCRtpReceiver.getCapabilities("audio")?.codecs.filter(isSpoken) ?? [];
  if (codecs.length > 0 && "setCodecPreferences" in transceiver) transceiver.setCodecPreferences(codecs);

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
    answer: (sdp) => connection.setRemoteDescription({ type: "answer", sdp }),
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
      connection.close();
      rx?.close();
      tx.close();
      for (const local of microphone.getTracks()) local.stop();
    },
  };
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
