// The few signs the screens use, drawn on a 24 grid. Each stands beside a word or inside a named button, so all are
// hidden from assistive technology.

const PATHS = {
  phone:
    "M5 4h3.5l1.7 4.3-2.2 1.6a12 12 0 0 0 6.1 6.1l1.6-2.2L20 15.5V19a1.5 1.5 0 0 1-1.6 1.5A15.5 15.5 0 0 1 3.5 5.6 1.5 1.5 0 0 1 5 4Z",
  hangUp: "M3.5 14.5c4.7-4.7 12.3-4.7 17 0l-2.2 2.6-3.6-1.5v-2.7a9 9 0 0 0-5.4 0v2.7l-3.6 1.5-2.2-2.6Z",
  microphone:
    "M12 4a2.5 2.5 0 0 1 2.5 2.5v5a2.5 2.5 0 0 1-5 0v-5A2.5 2.5 0 0 1 12 4ZM6.5 11.5a5.5 5.5 0 0 0 11 0M12 17v3M9 20h6",
  microphoneOff:
    "M9.5 9.5v2a2.5 2.5 0 0 0 4.2 1.8M14.5 10.5v-4a2.5 2.5 0 0 0-4.6-1.3M6.5 11.5a5.5 5.5 0 0 0 9 4.2M17.5 11.5c0 .8-.2 1.5-.5 2.2M12 17v3M9 20h6M4 4l16 16",
  bell: "M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15L6 16.5ZM10 20.5h4",
  bellOff: "M6 16.5V11c0-1 .3-2 .7-2.8M9 5.9A6 6 0 0 1 18 11v4M16.5 18h-12L6 16.5M10 20.5h4M4 4l16 16",
  link: "M5 12.5a10 10 0 0 1 14 0M8 15.5a6 6 0 0 1 8 0M12 19h.01",
  linkOff: "M5 12.5a10 10 0 0 1 4-2.4M15 10.1a10 10 0 0 1 4 2.4M12 19h.01M8 15.5a6 6 0 0 1 4-1.5M4 4l16 16",
  clock: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16ZM12 8v4.5l3 1.8",
  check: "M5 12.5 10 17.5 19.5 7",
  warning: "M12 4.5 3.5 19.5h17L12 4.5ZM12 10v4.5M12 17h.01",
  shield: "M12 3.5 5 6v5.5c0 4.4 2.9 7.6 7 9 4.1-1.4 7-4.6 7-9V6l-7-2.5ZM12 8.5v4M12 15.5h.01",
  proven: "M12 3.5 5 6v5.5c0 4.4 2.9 7.6 7 9 4.1-1.4 7-4.6 7-9V6l-7-2.5ZM8.8 12l2.3 2.3 4.1-4.3",
  lock: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3M12 14.5v2",
  unlocked: "M6 11h12v9H6zM8.5 11V7a3.5 3.5 0 0 1 6.8-1.2M12 14.5v2",
  listen: "M5 10v4M9 7v10M13 9v6M17 5v14",
  search: "M11 5a6 6 0 1 0 0 12 6 6 0 0 0 0-12ZM15.5 15.5 20 20",
  folder: "M3.5 6.5H10l2 2.5h8.5v10h-17z",
  money: "M4 8.5h13M14 5.5l3 3-3 3M20 15.5H7M10 12.5l-3 3 3 3",
  question: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16ZM9.7 10a2.3 2.3 0 1 1 3.4 2c-.7.4-1.1.9-1.1 1.6M12 16h.01",
  sun: "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6 7 7M17 17l1.4 1.4M18.4 5.6 17 7M7 17l-1.4 1.4",
  moon: "M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10Z",
  screen: "M4 5.5h16v10H4zM9 19.5h6M12 15.5v4",
  globe: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16ZM4 12h16M12 4c4.5 4.5 4.5 11.5 0 16-4.5-4.5-4.5-11.5 0-16Z",
  keyboard: "M3.5 7h17v10h-17zM7 10.5h.01M10.3 10.5h.01M13.7 10.5h.01M17 10.5h.01M8 14h8",
  down: "M7 10l5 5 5-5",
  left: "M14 6l-6 6 6 6",
  play: "M8 5.5v13l10.5-6.5Z",
  pause: "M9 6.5v11M15 6.5v11",
  leave: "M14 5H6v14h8M11 12h9M17 9l3 3-3 3",
  speak: "M4.5 6.5h15v9.5h-8l-4 3.5V16h-3z",
  keys: "M7 7h.01M12 7h.01M17 7h.01M7 12h.01M12 12h.01M17 12h.01M12 17h.01",
  people:
    "M9 11.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM3.5 19c.5-3.2 2.6-5 5.5-5s5 1.8 5.5 5M15.5 5.9a3 3 0 0 1 0 5.2M17.3 14.6c1.8.7 2.9 2.2 3.2 4.4",
  envelope: "M4 6.5h16v11H4zM4 7.5l8 6 8-6",
  note: "M6 4h9l3.5 3.5V20H6zM9 10h6M9 13.5h6M9 17h3.5",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 18 }: { name: IconName; size?: number }) {
  return (
    <svg className="icon" width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
