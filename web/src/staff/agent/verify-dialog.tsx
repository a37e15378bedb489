// How a customer is asked to show who they are: by which factor, and whose number. There is no field for a code, and never will be: the
// customer keys it where nobody hears it, or types into the app what the agent reads out.

import { useState } from "react";
import { Form, Label, Radio, RadioGroup } from "react-aria-components";
import { api } from "../../api/client.ts";
import { slugOfError } from "../../api/problem.ts";
import type { ContactView, Factor } from "../../api/types.ts";
import { useStaff } from "../../i18n/use-staff.ts";
import { useWords } from "../../i18n/use-staff-words.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { notices } from "../shell/notice.ts";
import { isVerified } from "./assurance.ts";
import { CallerNumber } from "./caller.tsx";
import { waysToVerify } from "./verification.ts";

/** Characters of a phone number with room for blanks and signs. */
const NUMBER_MAX = 32;

type Props = { contact: ContactView; isOpen: boolean; onClose: () => void };

export function VerifyDialog({ contact, isOpen, onClose }: Props) {
  const t = useStaff();
  const w = useWords();
  return (
    <Dialog title={t.verification.heading} closeLabel={w.close} isOpen={isOpen} onClose={onClose}>
      <Choices contact={contact} onClose={onClose} />
    </Dialog>
  );
}

function Choices({ contact, onClose }: Omit<Props, "isOpen">) {
  const t = useStaff();
  const w = useWords();
  const { number: named } = contact.customer;
  const hasNumber = named !== "" || contact.caller !== "";
  const ways = waysToVerify(contact);
  // Whoever has shown one factor is asked for another one of the same customer.
  const isSecond = isVerified(contact.level);
  const [factor, setFactor] = useState<Factor>(ways[0] ?? "sms_code");
  const [whose, setWhose] = useState(hasNumber ? "known" : "told");
  const [number, setNumber] = useState("");
  const ask = () => {
    notices.clear();
    onClose();
    const told = whose === "told" && !isSecond ? number.trim() : null;
    api.challenge(contact.id, told, factor).catch((error: unknown) => notices.complain(w.problems[slugOfError(error)]));
  };
  const words = {
    app_transfer: [t.verification.appExplained, t.verification.askApp],
    second_factor: [t.verification.secondExplained, t.verification.askSecond],
  } as Partial<Record<Factor, [string, string]>>;
  const [explained, submit] = words[factor] ?? [t.verification.explained, t.verification.send];
  return (
    <Form
      className="verify-form"
      onSubmit={(event) => {
        event.preventDefault();
        ask();
      }}
    >
      <RadioGroup className="radios" value={factor} onChange={(chosen) => setFactor(chosen as Factor)}>
        <Label>{t.verification.factor}</Label>
        {!isSecond && (
          <Radio value="sms_code" isDisabled={!ways.includes("sms_code")}>
            {t.verification.smsCode}
          </Radio>
        )}
        <Radio value="second_factor" isDisabled={!ways.includes("second_factor")}>
          {contact.factors.includes("second_factor") ? t.verification.second : t.verification.secondMissing}
        </Radio>
        {contact.factors.includes("app_transfer") && (
          <Radio value="app_transfer" isDisabled={!ways.includes("app_transfer")}>
            {t.verification.app}
          </Radio>
        )}
      </RadioGroup>
      {!isSecond && (
        <RadioGroup className="radios" value={whose} onChange={setWhose}>
          <Label>{t.verification.whose}</Label>
          {hasNumber && (
            <Radio value="known">
              {named === "" ? (
                <>
                  {t.verification.calling} <CallerNumber caller={contact.caller} />
                </>
              ) : (
                t.identity.named(named)
              )}
            </Radio>
          )}
          <Radio value="told">{t.verification.other}</Radio>
        </RadioGroup>
      )}
      {whose === "told" && !isSecond && (
        <TextField
          label={t.verification.number}
          type="tel"
          autoFocus
          isRequired
          maxLength={NUMBER_MAX}
          value={number}
          onChange={setNumber}
        />
      )}
      <p className="muted">{explained}</p>
      <div className="company-buttons">
        <Button
          type="submit"
          tone="accent"
          icon="shield"
          isDisabled={!isSecond && whose === "told" && number.trim() === ""}
        >
          {submit}
        </Button>
      </div>
    </Form>
  );
}
