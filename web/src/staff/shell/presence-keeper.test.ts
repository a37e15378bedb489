import { describe, expect, it, vi } from "vitest";
import type { AgentView, Me, PresenceState, Snapshot } from "../../api/types.ts";
import { EMPTY_SNAPSHOT } from "../../live/apply.ts";
import { PresenceKeeper } from "./presence-keeper.ts";

const ME: Me = {
  id: "st_1",
  user: "agent1",
  number: "1001",
  role: "agent",
  languages: [],
  skills: [],
  teams: [],
  second_factor: false,
  authenticator: false,
  passkey: false,
  second_factor_required: false,
};

const agent = (state: PresenceState): AgentView => ({ id: "st_1", number: "1001", state, since: "", phone: false });
const at = (state: PresenceState): Snapshot => ({ ...EMPTY_SNAPSHOT, agents: { st_1: agent(state) } });

function world() {
  const kept = new Map<string, string>();
  const storage = {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
    removeItem: (name: string) => void kept.delete(name),
  };
  const goReady = vi.fn();
  return { goReady, open: () => new PresenceKeeper(storage, goReady) };
}

describe("the presence keeper", () => {
  it.each<PresenceState>(["ready", "ringing", "talking", "wrap_up"])("brings back an agent who was %s", (state) => {
    const { open, goReady } = world();
    open().snapshot(at(state), ME);
    open().snapshot(at("not_responding"), ME);
    expect(goReady).toHaveBeenCalledTimes(1);
  });

  it("leaves an agent on a break alone", () => {
    const { open, goReady } = world();
    const keeper = open();
    keeper.snapshot(at("ready"), ME);
    keeper.event({ kind: "agent_changed", agent: agent("not_ready") });
    open().snapshot(at("not_responding"), ME);
    expect(goReady).not.toHaveBeenCalled();
  });

  it("leaves an agent alone who missed calls with the desk connected", () => {
    const { open, goReady } = world();
    const keeper = open();
    keeper.snapshot(at("ready"), ME);
    keeper.event({ kind: "agent_changed", agent: agent("not_responding") });
    open().snapshot(at("not_responding"), ME);
    expect(goReady).not.toHaveBeenCalled();
  });

  it("forgets at log-out, and never acts for another agent", () => {
    const { open, goReady } = world();
    const keeper = open();
    keeper.snapshot(at("ready"), ME);
    keeper.snapshot(
      { ...EMPTY_SNAPSHOT, agents: { st_2: { ...agent("not_responding"), id: "st_2" } } },
      { ...ME, id: "st_2" },
    );
    expect(goReady).not.toHaveBeenCalled();
    keeper.forget();
    open().snapshot(at("not_responding"), ME);
    expect(goReady).not.toHaveBeenCalled();
  });
});
