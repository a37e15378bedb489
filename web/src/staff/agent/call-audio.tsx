// The one <audio> through which the caller is heard. It is mounted with the desk and never unmounts during a call.

import { useEffect, useRef } from "react";
import type { CallEngine } from "../../call/engine.ts";

export function CallAudio({ engine }: { engine: CallEngine }) {
  const audio = useRef<HTMLAudioElement>(null);
  useEffect(() => {
    engine.attach(audio.current);
    return () => engine.attach(null);
  }, [engine]);
  // biome-ignore lint/a11y/useMediaCaption: a live call has no captions.
  return <audio ref={audio} autoPlay className="call-audio" />;
}
