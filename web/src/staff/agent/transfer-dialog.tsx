// Where a call is handed on to: colleagues with what they are doing, the queues of the same wallet, and the numbers outside that its
// calls may go to. Only who is ready can be asked; the list says so before anybody tries. No number can be typed here.

import { useQuery } from "@tanstack/react-query";
import { api } from "../../api/client.ts";
import { slugOfError } from "../../api/problem.ts";
import type { TransferTargets, TransferTo } from "../../api/types.ts";
import { useLanguage } from "../../i18n/language.ts";
import { outsideName } from "../../i18n/outside-name.ts";
import { queueName } from "../../i18n/queue-name.ts";
import { useStaff } from "../../i18n/use-staff.ts";
import { useWords } from "../../i18n/use-staff-words.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { notices } from "../shell/notice.ts";

/** Colleagues come and go while one chooses, milliseconds. */
const REFRESH_MS = 2_000;

type Props = { contact: string; hasCompany: boolean; isOpen: boolean; onClose: () => void };
type Go = (to: TransferTo, mode: "blind" | "attended") => void;

export function TransferDialog({ contact, hasCompany, isOpen, onClose }: Props) {
  const t = useStaff();
  const w = useWords();
  const targets = useQuery({
    queryKey: ["transfer-targets", contact],
    queryFn: () => api.transferTargets(contact),
    enabled: isOpen,
    refetchInterval: REFRESH_MS,
  });
  const go: Go = (to, mode) => {
    notices.clear();
    onClose();
    api.transfer(contact, to, mode).catch((error: unknown) => notices.complain(w.problems[slugOfError(error)]));
  };
  const agents = targets.data?.agents ?? [];
  const queues = targets.data?.queues ?? [];
  const outside = targets.data?.outside ?? [];
  return (
    <Dialog title={t.transfer.heading} closeLabel={w.close} isOpen={isOpen} onClose={onClose}>
      {targets.isError && <p className="form-problem">{w.problems[slugOfError(targets.error)]}</p>}
      <h3 className="section-title">{t.transfer.agents}</h3>
      {targets.isSuccess && agents.length === 0 && <p className="muted">{t.transfer.noAgents}</p>}
      <ul className="transfer-list">
        {agents.map((agent) => (
          <li key={agent.id} data-agent={agent.number}>
            <span>
              {t.agentNumber(agent.number)}
              <span className="muted small"> {t.presence.states[agent.state]}</span>
            </span>
            <span className="transfer-acts">
              <Button
                label={t.transfer.speakFirstTo(agent.number)}
                isDisabled={agent.state !== "ready"}
                onPress={() => go({ agent: agent.id }, "attended")}
              >
                {t.transfer.speakFirst}
              </Button>
              <Button
                label={t.transfer.handOverTo(agent.number)}
                isDisabled={agent.state !== "ready" || hasCompany}
                onPress={() => go({ agent: agent.id }, "blind")}
              >
                {t.transfer.handOver}
              </Button>
            </span>
          </li>
        ))}
      </ul>
      <h3 className="section-title">{t.transfer.queues}</h3>
      <ul className="transfer-list">
        {queues.map((queue) => (
          <li key={queue.id} data-queue={queue.id}>
            <span>
              {queueName(queue.id, w)}
              <span className="muted small"> {t.queue.waiting(queue.waiting)}</span>
            </span>
            <Button
              label={t.transfer.toQueue(queueName(queue.id, w))}
              isDisabled={hasCompany}
              onPress={() => go({ queue: queue.id }, "blind")}
            >
              {t.transfer.handOver}
            </Button>
          </li>
        ))}
      </ul>
      {outside.length > 0 && <h3 className="section-title">{t.transfer.outside}</h3>}
      {outside.length > 0 && <OutsideNumbers numbers={outside} hasCompany={hasCompany} go={go} />}
    </Dialog>
  );
}

function OutsideNumbers({
  numbers,
  hasCompany,
  go,
}: {
  numbers: TransferTargets["outside"];
  hasCompany: boolean;
  go: Go;
}) {
  const t = useStaff();
  const language = useLanguage();
  return (
    <ul className="transfer-list">
      {numbers.map((number) => {
        const name = outsideName(number, language);
        return (
          <li key={number.id} data-outside={number.id}>
            <span>
              {name}
              <span className="muted small figures"> {number.open ? number.number : t.transfer.outsideClosed}</span>
            </span>
            <span className="transfer-acts">
              <Button
                label={t.transfer.speakFirstOutside(name)}
                isDisabled={!number.open}
                onPress={() => go({ outside: number.id }, "attended")}
              >
                {t.transfer.speakFirst}
              </Button>
              <Button
                label={t.transfer.handOverOutside(name)}
                isDisabled={!number.open || hasCompany}
                onPress={() => go({ outside: number.id }, "blind")}
              >
                {t.transfer.handOver}
              </Button>
            </span>
          </li>
        );
      })}
    </ul>
  );
}
