// How a customer is asked to show who they are: by which factor, and whose number. There is no field for a code, and never will be: the
// customer keys it, and nobody hears it.

import { useState } from "react";
import { Form, Label, Radio, RadioGroup } from "react-aria-components";
import { api } from "../../api/client.ts";
import { slugOfError } from "../../api/problem.ts";
import type { ContactView } from "../../api/types.ts";
import { useStaff } from "../../i18n/use-staff.ts";
import { useWords } from "../../i18n/use-words.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { notices } from "../shell/notice.ts";
import { isVerified } from "./assurance.ts";
import { CallerNumber } from "./caller.tsx";

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
  // The second factor is asked for after the first, and of the same customer.
  const isSecond = isVerified(contact.level);
  const [whose, setWhose] = useState(hasNumber ? "known" : "told");
  const [number, setNumber] = useState("");
  const ask = () => {
    notices.clear();
    onClose();
    const told = whose === "told" && !isSecond ? number.trim() : null;
    api
      .challenge(contact.id, told, isSecond ? "second_factor" : "sms_code")
      .catch((error: unknown) => notices.complain(w.problems[slugOfError(error)]));
  };
  return (
    <Form
      className="verify-form"
      onSubmit={(event) => {
        event.preventDefault();
        ask();
      }}
    >
      <RadioGroup className="radios" defaultValue={isSecond ? "second_factor" : "sms_code"}>
        <Label>{t.verification.factor}</Label>
        {!isSecond && <Radio value="sms_code">{t.verification.smsCode}</Radio>}
        <Radio value="second_factor" isDisabled={!isSecond}>
          {contact.factors.includes("second_factor") ? t.verification.second : t.verification.secondMissing}
        </Radio>
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
      <p className="muted">{isSecond ? t.verification.secondExplained : t.verification.explained}</p>
      <div className="company-buttons">
        <Button
          type="submit"
          tone="accent"
          icon="shield"
          isDisabled={!isSecond && whose === "told" && number.trim() === ""}
        >
          {isSecond ? t.verification.askSecond : t.verification.send}
        </Button>
      </div>
    </Form>
  );
}
