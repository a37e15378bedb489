//! What the store promises, told as stories. Each runs on SQLite and on PostgreSQL; only what one engine alone can suffer is told
//! for that engine alone. They wait for things, never for time, and bound every wait.
#![expect(clippy::unwrap_used, reason = "a story fails by panicking")]

mod audit;
mod calls;
mod clocks;
mod cluster;
mod commits;
mod directory;
mod doubts;
mod help;
mod knowledge;
mod migrations;
mod money;
mod opening;
mod outages;
mod outbox;
mod passes;
mod place;
mod recordings;
mod restarts;
mod rows;
mod search;
mod staff;
mod statements;
mod uploads;
mod wire;

/// One test for each story and engine: `sqlite::commits::…`, `postgres::commits::…`.
macro_rules! stories {
    ($($area:ident: $($story:ident)*;)*) => {
        mod sqlite {$(
            mod $area {$(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $story() {
                    crate::$area::$story(&crate::place::Place::sqlite()).await;
                }
            )*}
        )*}
        mod postgres {$(
            mod $area {$(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $story() {
                    crate::$area::$story(&crate::place::Place::postgres().await).await;
                }
            )*}
        )*}
    };
}

stories! {
    audit:
        entries_get_their_leaves_with_the_head_over_them
        an_entry_that_commits_late_gets_a_late_leaf
        of_two_hashers_one_meets_a_conflict_of_which_nothing_is_kept
        the_log_is_read_by_leaf_and_by_subject_a_page_at_a_time
        commits_go_on_while_the_log_is_hashed;
    calls:
        a_contact_lives_and_is_found
        lists_are_newest_first_and_an_agent_sees_their_own
        an_export_pages_through_every_contact_once
        a_timeline_is_read_in_order
        notes_and_wrap_ups_have_versions
        what_a_database_dislikes_is_kept_readable
        a_contact_of_an_older_program_is_read;
    clocks:
        a_clock_comes_back_as_it_was_written
        a_rule_has_one_clock_on_a_case
        who_has_to_be_looked_at_first_is_found_first
        a_case_that_lacks_a_clock_is_found_until_it_has_one_or_is_closed
        a_committed_case_wakes_whoever_keeps_its_clocks
        a_case_has_one_credit_and_it_comes_back_as_it_was_written;
    commits:
        a_conflict_keeps_nothing
        a_change_to_what_is_not_there_is_a_conflict
        the_audit_cannot_be_left_out
        many_commits_share_few_transactions_and_all_are_durable
        a_conflict_sinks_no_other_commit
        commits_of_one_contact_keep_their_order
        two_programs_write_at_once
        a_commit_may_name_its_rows_in_any_order;
    directory:
        a_listing_is_proposed_approved_withdrawn_and_its_history_kept
        of_two_who_approve_at_once_one_finds_it_done
        a_wallet_lists_an_address_once
        editions_are_numbered_once_and_read_back
        a_report_is_counted_decided_and_forgotten;
    doubts:
        marks_do_not_pile_up;
    help:
        a_code_is_kept_until_it_is_used_up
        what_was_lately_done_is_counted_and_forgotten
        of_two_who_count_at_once_one_rules_again
        no_count_is_lost_and_nobody_waits_for_ever
        an_act_is_found_by_its_case_and_while_it_is_unsettled
        an_act_is_begun_by_one_and_its_key_names_it_alone
        a_case_is_found_by_what_it_is_about
        a_reference_is_given_once
        what_is_decided_together_is_kept_together
        what_acts_tell_stands_beside_what_the_call_writes
        a_call_back_waits_is_taken_and_leaves_the_list;
    knowledge:
        an_article_is_read_as_its_newest_version;
    outbox:
        an_errand_is_claimed_put_off_and_over
        an_errand_is_claimed_by_one
        what_a_run_held_is_due_again_once_it_is_over_and_nothing_else_is
        errands_come_in_the_order_they_are_due
        changes_of_one_errand_keep_their_order
        what_waits_is_sealed
        a_seal_opens_with_its_key_for_its_row_alone
        what_other_hands_changed_does_not_open_and_is_set_aside
        a_row_from_before_the_whole_row_was_sealed_is_still_run
        what_became_of_a_message_is_found_by_its_errand_and_by_its_gateways_name
        messages_are_counted_on_rows_of_a_day
        without_a_key_no_errand_is_taken
        a_committed_errand_wakes_whoever_runs_it;
    passes:
        a_pass_is_found_by_its_code_and_changes_hands
        a_code_is_given_to_one_pass_at_a_time
        a_pass_is_gone_when_its_day_is_over;
    recordings:
        a_recording_is_opened_ended_and_erased
        a_contact_has_one_recording
        a_case_keeps_the_recordings_of_its_contacts
        a_callback_keeps_nothing
        a_hold_keeps_a_recording_and_meets_its_erasure
        a_listening_is_kept_with_its_part;
    search:
        a_supervisor_finds_what_their_teams_took_part_in
        contacts_are_found_by_what_is_known_of_them;
    statements:
        a_form_is_one_case_however_often_it_is_sent;
    uploads:
        a_file_comes_back_as_it_was_written_and_is_found_while_it_waits
        a_file_is_due_to_go_when_its_case_keeps_it_no_longer;
    staff:
        staff_are_found_and_unique
        a_session_opens_and_ends
        a_login_link_is_used_once_even_by_two_at_once
        what_ran_out_is_forgotten_when_the_next_is_made
        phones_and_presence_are_kept
        a_session_changes_its_token_once_and_all_of_somebody_end
        a_second_factor_is_kept_and_a_code_of_it_taken_once_by_two_at_once
        a_look_up_waits_until_it_was_seen_once
        a_certificate_is_replaced_and_two_do_not_write_over_each_other
        no_message_holds_what_a_row_holds;
    money:
        a_refund_comes_back_as_it_was_written_and_is_found
        decisions_are_only_added
        two_who_approve_at_once_never_give_back_more_than_was_paid
        two_makers_who_ask_at_once_meet_on_the_customers_day
        one_request_made_twice_at_once_is_one_refund
        the_database_itself_refuses_a_sum_above_what_was_paid;
    opening:
        two_programs_migrate_at_once
        a_newer_database_is_refused
        a_closed_store_answers_so
        a_store_closes_only_when_everything_is_written;
    restarts:
        reopening_finds_everything
        a_restart_closes_what_was_open_and_keeps_the_dialogs
        a_closed_dialog_stays_closed
        a_killed_program_loses_no_acknowledged_commit;
}
