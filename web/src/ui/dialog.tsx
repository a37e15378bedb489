// A window over the desk, closed by Escape, by its button or by a press beside it. The shell behind it stays mounted:
// a call goes on.

import type { ReactNode } from "react";
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import { Button } from "./button.tsx";

type Props = { title: string; closeLabel: string; isOpen: boolean; onClose: () => void; children: ReactNode };

export function Dialog({ title, closeLabel, isOpen, onClose, children }: Props) {
  return (
    <ModalOverlay className="overlay" isOpen={isOpen} onOpenChange={(open) => !open && onClose()} isDismissable>
      <Modal className="modal">
        <AriaDialog className="dialog">
          <Heading slot="title">{title}</Heading>
          {children}
          <div className="dialog-foot">
            <Button onPress={onClose}>{closeLabel}</Button>
          </div>
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}
