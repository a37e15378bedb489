// One line of text with its label and, where something is wrong, the reason beside it.

import { TextField as AriaTextField, FieldError, Input, Label, Text, type TextFieldProps } from "react-aria-components";

type Props = Omit<TextFieldProps, "className" | "children"> & { label: string; hint?: string; problem?: string | null };

export function TextField({ label, hint, problem, ...rest }: Props) {
  return (
    <AriaTextField {...rest} isInvalid={Boolean(problem)} className="field">
      <Label>{label}</Label>
      <Input />
      {hint && !problem && <Text slot="description">{hint}</Text>}
      <FieldError>{problem}</FieldError>
    </AriaTextField>
  );
}
