// Everything that travels between this UI and the server, by the names the UI uses. The shapes are generated from the server's
// own contract (schema.gen.ts); nothing is described a second time here.

import type { components } from "./schema.gen.ts";

type Schemas = components["schemas"];

export type Language = Schemas["Language"];
export type Role = Schemas["Role"];
export type Service = Schemas["Service"];
export type Level = Schemas["Level"];
export type CallerIdTrust = Schemas["CallerIdTrust"];
export type Channel = Schemas["Channel"];
export type Me = Schemas["Me"];
/** What a browser gives of a passkey is JSON that this side does not look into. */
export type Confirm = Omit<Schemas["Confirm"], "passkey"> & { passkey?: Record<string, unknown> };
export type Passkey = Schemas["Passkey"];
export type PasskeyAsked = Schemas["PasskeyAsked"];
export type PasskeyAdded = Schemas["PasskeyAdded"];
export type SeedOffered = Schemas["SeedOffered"];
export type RecoveryCodes = Schemas["RecoveryCodes"];
export type StaffMember = Schemas["StaffMember"];
export type Certificate = Schemas["CertificateView"];
export type CertificateGiven = Schemas["CertificateGiven"];
export type LookUp = Schemas["LookUpView"];
export type NumberShown = Schemas["NumberShown"];
export type CertificateKind = Schemas["CertificateKind"];

export type PresenceState = Schemas["PresenceName"];
export type NotReadyReason = Schemas["NotReadyReason"];
export type Presence = Schemas["State"];

export type AgentView = Schemas["AgentView"];
export type QueueView = Schemas["QueueView"];
export type ContactView = Schemas["ContactView"];
export type CallSettings = Schemas["CallSettings"];
export type ChallengeView = Schemas["ChallengeView"];
export type Factor = Schemas["Factor"];
export type MessageView = Schemas["MessageView"];
export type ChallengeState = Schemas["ChallengeState"];
export type LegView = Schemas["LegView"];
export type CustomerView = Schemas["CustomerView"];
export type PassView = Schemas["PassView"];
export type Topic = Schemas["Topic"];
export type TransactionView = Schemas["TransactionView"];
export type OperationView = Schemas["OperationView"];
export type AccountView = Schemas["AccountView"];
export type ActVerdict = Schemas["ActVerdict"];
export type WaitingAct = Schemas["WaitingAct"];
export type AccountAct = Schemas["AccountAct"];
export type OperationState = Schemas["OperationState"];
export type OfferView = Schemas["OfferView"];
export type Snapshot = Schemas["Snapshot"];
export type OfferOutcome = Schemas["OfferOutcome"];
export type LiveEvent = Schemas["LiveEvent"];
export type LiveFromServer = Schemas["ToDesk"];
export type LiveFromDesk = Schemas["FromDesk"];

export type Operation = Schemas["Operation"];
export type OperationAsked = Schemas["OperationAsked"];
export type OperationPreview = Schemas["OperationPreview"];
export type OperationDecision = Schemas["OperationDecision"];
export type RefundDecision = Schemas["RefundDecision"];
export type RefundState = Schemas["RefundState"];
export type ResolvedAs = Schemas["ResolvedAs"];
export type Sum = Schemas["Sum"];

export type Disposition = Schemas["Disposition"];
export type Leg = Schemas["Leg"];
export type Contact = Schemas["Contact"];
export type TimelineEntry = Schemas["TimelineEntry"];
export type Recording = Schemas["RecordingManifest"];
export type Case = Schemas["Case"];
export type ReportAbout = Schemas["ReportAbout"];
export type CaseCredit = Schemas["CaseCredit"];
export type CreditAct = Schemas["CreditActName"];
export type CaseClock = Schemas["CaseClock"];
export type CaseUpload = Schemas["CaseUpload"];
export type DueClock = Schemas["DueClock"];
/** How a clock stands that has not ended, or all of them. */
export type ClockFilter = Schemas["ClockFilter"] | "all";
export type ClockAct = Schemas["ClockActName"];
export type Callback = Schemas["Callback"];
export type CallbackNumber = Schemas["CallbackNumber"];
export type TransferTargets = Schemas["TransferTargets"];
export type TransferTo = Schemas["TransferTo"];
export type TransferMode = Schemas["TransferMode"];
export type OutsideView = Schemas["OutsideView"];
export type CallView = Schemas["CallView"];
export type CallPart = Schemas["CallPart"];
export type MonitorMode = Schemas["MonitorMode"];
export type Watching = Schemas["Watching"];
export type Accepted = Schemas["Accepted"];
export type Note = Schemas["NoteText"];
export type WrapUp = Schemas["WrapUpAct"];

export type DemoApproval = Schemas["DemoApproval"];
export type DemoTransaction = Schemas["DemoTransaction"];
export type DemoCustomer = Schemas["DemoCustomer"];
export type DemoLine = Schemas["DemoLine"];
export type DemoMessage = Schemas["DemoMessage"];
export type DemoFault = Schemas["DemoFault"];
export type DemoLedgerEntry = Schemas["DemoEffect"];
export type CallBackAsked = Schemas["CallBackAsked"];
export type TalkingToUs = Schemas["TalkingToUs"];
export type DialEnd = Schemas["DialEnd"];
export type DialFromServer = Schemas["ToCaller"];
export type DialFromPhone = Schemas["FromPhone"];
export type DialFromVisitor = Schemas["FromVisitor"];

export type DirectoryView = Schemas["DirectoryView"];
export type DirectoryEntry = Schemas["DirectoryEntry"];
export type AddressKind = Schemas["AddressKind"];
export type Listing = Schemas["ListingView"];
export type ListingLine = Schemas["ListingLineView"];
export type ListingProposal = Schemas["ListingProposal"];
export type Suspect = Schemas["SuspectView"];
export type SuspectState = Schemas["SuspectState"];
