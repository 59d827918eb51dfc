// Written by `npm run api` from the OpenAPI document of the management API.
// sha256 663f15cf5dc406524f6caf370e69a6632f83b2b9d5e49dd6ca131a2952c23a65

export interface paths {
    "/manage/v1/tenants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Customers by id */
        get: operations["list_tenants"];
        put?: never;
        /** Add a customer */
        post: operations["create_tenant"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/manage/v1/tenants/{tenant_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One customer */
        get: operations["show_tenant"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Rename, freeze or thaw a customer */
        patch: operations["change_tenant"];
        trace?: never;
    };
    "/manage/v1/applications": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Applications by creation time */
        get: operations["list_applications"];
        put?: never;
        /** Add an application; the answer is the only one with its secret */
        post: operations["create_application"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/manage/v1/applications/{app_key}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One application */
        get: operations["show_application"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Set fields of an application */
        patch: operations["change_application"];
        trace?: never;
    };
    "/manage/v1/applications/{app_key}/secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Give an application a new secret; the old one stops working */
        post: operations["renew_secret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/manage/v1/numbers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Virtual numbers by number */
        get: operations["list_numbers"];
        put?: never;
        /** Add virtual numbers to an application, all or none */
        post: operations["add_numbers"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/manage/v1/numbers/{number}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One virtual number */
        get: operations["show_number"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Set state, city or switches of a virtual number */
        patch: operations["change_number"];
        trace?: never;
    };
    "/manage/v1/trunks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Trunks by name */
        get: operations["list_trunks"];
        put?: never;
        /** Add a trunk */
        post: operations["add_trunk"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/manage/v1/trunks/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One trunk */
        get: operations["show_trunk"];
        put?: never;
        post?: never;
        /** Forget a trunk; calls under way go on */
        delete: operations["remove_trunk"];
        options?: never;
        head?: never;
        /** Set fields of a trunk; calls under way keep the old ones */
        patch: operations["change_trunk"];
        trace?: never;
    };
    "/manage/v1/calls/{session_id}/trace": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What happened in a call, step by step and without numbers */
        get: operations["show_trace"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/manage/v1/bindings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Live bindings, oldest first */
        get: operations["list_bindings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/manage/v1/bindings/{binding_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One binding */
        get: operations["show_binding"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/manage/v1/ended-bindings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Bindings that have ended, the latest end first */
        get: operations["list_ended_bindings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/manage/v1/calls": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Live calls, oldest first */
        get: operations["list_calls"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/manage/v1/calls/{session_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One call, live or ended */
        get: operations["show_call"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/manage/v1/calls/{session_id}/stop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End a live call */
        post: operations["stop_call"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/manage/v1/records": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Call records, newest first */
        get: operations["list_records"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/manage/v1/outbox": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How many pushes wait, were given up, and receivers are disabled */
        get: operations["show_outbox"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/manage/v1/prompts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Prompts by application and name */
        get: operations["list_prompts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/manage/v1/applications/{app_key}/prompts/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One prompt */
        get: operations["show_prompt"];
        /** Submit a WAV, MP3, FLAC or OGG file as a new prompt or a replacement */
        put: operations["submit_prompt"];
        post?: never;
        /** Forget a prompt; calls of bindings that name it end with 7507 */
        delete: operations["remove_prompt"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/manage/v1/applications/{app_key}/prompts/{name}/sound": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The WAV file of a prompt, as calls play it */
        get: operations["download_prompt"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/manage/v1/applications/{app_key}/prompts/{name}/approve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Let calls play what was submitted */
        post: operations["approve_prompt"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/manage/v1/applications/{app_key}/prompts/{name}/reject": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Refuse what was submitted; what was approved before stays in use */
        post: operations["reject_prompt"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/manage/v1/shipped-prompts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Prompts that come with the platform, for every application */
        get: operations["list_shipped_prompts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/manage/v1/shipped-prompts/{name}/sound": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The WAV file of one of them */
        get: operations["download_shipped_prompt"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/manage/v1/recordings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Recordings, newest first */
        get: operations["list_recordings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/manage/v1/recordings/{object_name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One recording */
        get: operations["show_recording"];
        put?: never;
        post?: never;
        /** Delete a recording for good */
        delete: operations["delete_recording"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/manage/v1/recordings/{object_name}/link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A new download link of a recording */
        post: operations["link_recording"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/manage/v1/registrants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Registered A numbers in the order they were added */
        get: operations["list_registrants"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/manage/v1/tenants/{tenant_id}/registrants/{number}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One registered number */
        get: operations["show_registrant"];
        put?: never;
        post?: never;
        /** Forget a registered number, but not its failures */
        delete: operations["remove_registrant"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/manage/v1/tenants/{tenant_id}/registrants/{number}/photo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The photo of the person, a JPG or PNG file */
        get: operations["download_photo"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/manage/v1/tenants/{tenant_id}/registrants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Register a number by hand, and forget its failures */
        post: operations["add_registrant"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/manage/v1/tenants/{tenant_id}/registrants/{number}/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Say that the person was verified, also after failures */
        post: operations["accept_registrant"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/manage/v1/tenants/{tenant_id}/registrants/{number}/reject": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Say that the person could not be verified */
        post: operations["reject_registrant"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/manage/v1/tenants/{tenant_id}/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Tokens of a customer that are good now, oldest first */
        get: operations["list_tenant_tokens"];
        put?: never;
        /** Make a token for the registration of numbers; the answer alone shows it */
        post: operations["add_tenant_token"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/manage/v1/tenants/{tenant_id}/tokens/{token_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Let a token be good no more */
        delete: operations["remove_tenant_token"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/manage/v1/notices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Notices that wait or are dead, newest first */
        get: operations["list_notices"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/manage/v1/notices/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Have dead notices pushed again, oldest first, under their ids */
        post: operations["replay_notices"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/manage/v1/notices/{notice_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One notice with its body */
        get: operations["show_notice"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/manage/v1/receivers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Receivers that accept nothing, longest first */
        get: operations["list_receivers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/manage/v1/applications/{app_key}/receivers/{purpose}/enable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Let a receiver be pushed to again */
        post: operations["enable_receiver"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/manage/v1/applications/{app_key}/receivers/{purpose}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Push a test event now and tell what came back */
        post: operations["test_receiver"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/manage/v1/applications/{app_key}/webhook-secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The secrets that sign the bodies of pushes */
        get: operations["show_webhook_secret"];
        put?: never;
        /** Sign with a new secret as well; the present one signs beside it */
        post: operations["renew_webhook_secret"];
        /** Forget the older secret; the newest one signs alone */
        delete: operations["forget_webhook_secret"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/manage/v1/lockouts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Addresses that are locked out, the longest first */
        get: operations["list_lockouts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/manage/v1/lockouts/{address}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Let an address in again */
        delete: operations["release_lockout"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/manage/v1/persons/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** All that is held of one person, in the clear */
        post: operations["export_person"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/manage/v1/persons/erase": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Erase one person from a tenant's data, for good */
        post: operations["erase_person"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/manage/v1/erasures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Erasures, oldest first, none of which says whose */
        get: operations["list_erasures"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/manage/v1/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Short messages, newest first, without their texts */
        get: operations["list_messages"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/manage/v1/messages/{message_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One short message with its parts */
        get: operations["show_message"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/manage/v1/sms-links": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** SMS links by name, and how they stand */
        get: operations["list_sms_links"];
        put?: never;
        /** Add an SMS link; it binds at once */
        post: operations["add_sms_link"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/manage/v1/sms-links/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One SMS link */
        get: operations["show_sms_link"];
        put?: never;
        post?: never;
        /** Forget an SMS link; messages that wait for it take another */
        delete: operations["remove_sms_link"];
        options?: never;
        head?: never;
        /** Set fields of an SMS link; it binds anew where that is needed */
        patch: operations["change_sms_link"];
        trace?: never;
    };
    "/manage/v1/message-blocks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Numbers whose messages are not forwarded, newest first */
        get: operations["list_message_blocks"];
        put?: never;
        /** Put a number on a list, or say anew why */
        post: operations["add_message_block"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/manage/v1/message-blocks/remove": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take a number off a list */
        post: operations["remove_message_block"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/manage/v1/reveals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** One number, or text, in the clear, for a reason that is kept */
        post: operations["reveal"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/manage/v1/number-lookups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A name for a real number, to look for it in lists without writing it */
        post: operations["look_up_number"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/manage/v1/applications/{app_key}/secrets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The secrets that work, and when each was last used */
        get: operations["list_secrets"];
        put?: never;
        /** Make a new secret; the present one works for a grace */
        post: operations["add_secret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/manage/v1/applications/{app_key}/secrets/{secret_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Let an earlier secret work no more */
        delete: operations["end_secret"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/manage/v1/sign-in": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the sign-in page shows; the demo alone lists accounts */
        get: operations["show_sign_in"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/manage/v1/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who is signed in, and what they may do */
        get: operations["show_session"];
        put?: never;
        /** Sign in; the answer sets a cookie */
        post: operations["sign_in"];
        /** Sign out */
        delete: operations["sign_out"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/manage/v1/session/step-up": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Show the password or a code again, for what needs that */
        post: operations["step_up"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/manage/v1/setup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Make the first operator, by the link that the first start prints */
        post: operations["set_up"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/manage/v1/invitations/look": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What a link is for that somebody was given */
        post: operations["look_at_link"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/manage/v1/invitations/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Accept an invitation, or set a new password; signs in */
        post: operations["accept_invitation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the process answers */
        get: operations["show_health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether traffic can be served; 503 when not */
        get: operations["show_readiness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What this process has counted, for Prometheus */
        get: operations["show_metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * ErrorBody
         * @description The body of every answer that is no success.
         */
        ErrorBody: {
            error: components["schemas"]["ErrorDetail"];
        };
        /**
         * ErrorDetail
         * @description `code` is for programs, `message` for people; `field` names what is wrong in a request.
         */
        ErrorDetail: {
            code: string;
            message: string;
            field?: string;
            hint?: string;
        };
        /**
         * Items[TenantView]
         * @description One page of a list; `total` counts all of it.
         */
        Items_TenantView_: {
            items: components["schemas"]["TenantView"][];
            total: number;
            offset: number;
            limit: number;
        };
        /**
         * TenantView
         * @description A customer.
         */
        TenantView: {
            tenant_id: string;
            name: string;
            state: components["schemas"]["TenantState"];
            recording_retention_days: number;
            record_retention_days: number;
            binding_retention_days: number;
            message_retention_days: number;
            text_retention_days: number;
            may_message: boolean;
            max_applications: number;
            created_at: string;
        };
        /**
         * TenantState
         * @description A frozen tenant (arrears, complaints) may neither bind nor call.
         * @enum {unknown}
         */
        TenantState: "frozen" | "normal";
        /**
         * ListQuery
         * @description A page: `limit` entries after skipping `offset`.
         */
        ListQuery: {
            /** @default 0 */
            offset: number;
            /** @default 50 */
            limit: number;
        };
        /**
         * NewTenant
         * @description A customer to add. `tenant_id` is made up when it is not given.
         *
         *         Without `recording_retention_days` recordings are kept as long as the settings say, without
         *         `record_retention_days` call records and `binding_retention_days` bindings that have ended.
         *         Records of messages are kept for `message_retention_days`, their texts for
         *         `text_retention_days`.
         */
        NewTenant: {
            name: string;
            /** @default null */
            tenant_id: string | null;
            /** @default null */
            recording_retention_days: number | null;
            /** @default null */
            record_retention_days: number | null;
            /** @default null */
            binding_retention_days: number | null;
            /** @default 180 */
            message_retention_days: number;
            /** @default 7 */
            text_retention_days: number;
            /** @default true */
            may_message: boolean;
            /** @default 5 */
            max_applications: number;
        };
        /**
         * TenantChange
         * @description What to change of a tenant; absent fields stay.
         */
        TenantChange: {
            name?: string;
            state?: components["schemas"]["TenantState"];
            recording_retention_days?: number;
            record_retention_days?: number;
            binding_retention_days?: number;
            message_retention_days?: number;
            text_retention_days?: number;
            may_message?: boolean;
            max_applications?: number;
        };
        /**
         * Items[ApplicationView]
         * @description One page of a list; `total` counts all of it.
         */
        Items_ApplicationView_: {
            items: components["schemas"]["ApplicationView"][];
            total: number;
            offset: number;
            limit: number;
        };
        /**
         * ApplicationView
         * @description An application. `app_secret` is there in the answer that made it, and never again.
         *
         *         `notes` tell what it lacks, what is mandatory first.
         */
        ApplicationView: {
            app_key: string;
            app_secret?: string;
            tenant_id: string;
            name: string;
            mode: components["schemas"]["Mode"];
            state: components["schemas"]["ApplicationState"];
            status_url: string | null;
            cdr_url: string | null;
            sms_url: string | null;
            sms_control_url: string | null;
            may_call: boolean;
            may_record: boolean;
            may_message: boolean;
            intercepts_unregistered: boolean;
            allowed_addresses: string[];
            request_limit_per_s: number;
            pairs_per_number: number;
            binds_per_day: number;
            remembers_callers: boolean;
            may_show_caller: boolean;
            extension_digits: number;
            extension_repeats: number;
            callback_number: string | null;
            pushes_number_state: boolean;
            number_state_url: string | null;
            prompts: components["schemas"]["ApplicationPrompts"];
            messages: components["schemas"]["MessageRules"];
            description: string;
            has_voice_check: boolean;
            is_sandbox: boolean;
            labels: {
                [key: string]: string;
            };
            notes: components["schemas"]["NoteView"][];
            created_at: string;
        };
        /**
         * Mode
         * @description The five ways a virtual number serves; an application has exactly one.
         * @enum {unknown}
         */
        Mode: "ax" | "axb" | "axe" | "axyb" | "x";
        /**
         * ApplicationState
         * @description A suspended application answers 1010008 (`spec/codes.md` 2.2).
         * @enum {unknown}
         */
        ApplicationState: "normal" | "suspended";
        /**
         * ApplicationPrompts
         * @description Names of the prompts that an application plays where no binding says otherwise.
         *
         *         None plays nothing. `waiting_tone` is heard in place of the callee's ring-back
         *         (`spec/console.md` 3.1). Those from `enter_extension` on are for AXE (`spec/axe.md` 9): the
         *         first two ask for the extension, the next two come before the end of a call that keyed in a
         *         wrong one, or none; `no_callback` is for an A who calls X and has nobody to call back.
         *         `random_check` tells of random checks of recordings; it is kept for whoever makes them.
         */
        ApplicationPrompts: {
            /** @default null */
            no_permission: string | null;
            /** @default null */
            no_binding: string | null;
            /** @default null */
            service_abnormal: string | null;
            /** @default null */
            waiting_tone: string | null;
            /** @default null */
            enter_extension: string | null;
            /** @default null */
            wrong_extension: string | null;
            /** @default null */
            wrong_extension_end: string | null;
            /** @default null */
            no_extension_end: string | null;
            /** @default null */
            no_callback: string | null;
            /** @default null */
            random_check: string | null;
        };
        /**
         * MessageRules
         * @description Rules of one application; 0 is no limit, an empty tuple no rule.
         *
         *         `shows_text`: notifications have the text (`smsContent`). `reply_tags`: A sees a tag in place
         *         of the number of who wrote, and answers by it (`docs/messages.md`); AX only. Words are looked
         *         for as they stand, in any case and width of letters (NFKC): one of `required_words` has to be
         *         there, none of `forbidden_words` may. Who sends nothing but one of `opt_out_words` gets no more
         *         messages.
         *         `per_sender_min` and `per_number_min` bound messages a minute of one sender and to one X,
         *         `per_s` those of the application, `parts_per_day` its outgoing parts in a day (UTC).
         */
        MessageRules: {
            /** @default false */
            shows_text: boolean;
            /** @default false */
            reply_tags: boolean;
            /** @default [] */
            required_words: string[];
            /** @default [] */
            forbidden_words: string[];
            /** @default [] */
            opt_out_words: string[];
            /** @default 0 */
            per_sender_min: number;
            /** @default 0 */
            per_number_min: number;
            /** @default 0 */
            per_s: number;
            /** @default 0 */
            parts_per_day: number;
        };
        /**
         * NoteView
         * @description Something that an application lacks. `field` is what to set.
         */
        NoteView: {
            code: string;
            field: string;
            text: string;
            is_mandatory: boolean;
        };
        /**
         * ApplicationQuery
         * @description Applications, of one tenant or all.
         */
        ApplicationQuery: {
            /** @default 0 */
            offset: number;
            /** @default 50 */
            limit: number;
            /** @default null */
            tenant_id: string | null;
        };
        /**
         * NewApplication
         * @description An application to add. Without `tenant_id` it belongs to the tenant `default`.
         *
         *         `request_limit_per_s` and `binds_per_day` 0 mean no limit; empty `allowed_addresses` admits
         *         every address. `extension_digits` cannot be changed later. Of a tenant no two have one `name`:
         *         Chinese characters, letters, digits and underscores.
         */
        NewApplication: {
            name: string;
            mode: components["schemas"]["Mode"];
            /** @default null */
            tenant_id: string | null;
            /** @default null */
            status_url: string | null;
            /** @default null */
            cdr_url: string | null;
            /** @default null */
            sms_url: string | null;
            /** @default null */
            sms_control_url: string | null;
            /** @default true */
            may_call: boolean;
            /** @default false */
            may_record: boolean;
            /** @default false */
            may_message: boolean;
            /** @default false */
            intercepts_unregistered: boolean;
            /** @default [] */
            allowed_addresses: string[];
            /** @default 0 */
            request_limit_per_s: number;
            /** @default 5000 */
            pairs_per_number: number;
            /** @default 0 */
            binds_per_day: number;
            /** @default false */
            remembers_callers: boolean;
            /** @default true */
            may_show_caller: boolean;
            /** @default 4 */
            extension_digits: number;
            /** @default 2 */
            extension_repeats: number;
            /** @default null */
            callback_number: string | null;
            /** @default false */
            pushes_number_state: boolean;
            /** @default null */
            number_state_url: string | null;
            /** @default {} */
            prompts: components["schemas"]["PromptChoice"];
            /** @default {} */
            messages: components["schemas"]["MessageRuleChoice"];
            /** @default  */
            description: string;
            /** @default false */
            has_voice_check: boolean;
            /** @default false */
            is_sandbox: boolean;
            /** @default {} */
            labels: {
                [key: string]: string;
            };
        };
        /**
         * PromptChoice
         * @description Which approved prompts an application plays; absent fields stay, null plays nothing.
         */
        PromptChoice: {
            no_permission?: string | null;
            no_binding?: string | null;
            service_abnormal?: string | null;
            waiting_tone?: string | null;
            enter_extension?: string | null;
            wrong_extension?: string | null;
            wrong_extension_end?: string | null;
            no_extension_end?: string | null;
            no_callback?: string | null;
            random_check?: string | null;
        };
        /**
         * MessageRuleChoice
         * @description What an application lets its messages be; absent fields stay. 0 is no limit, [] no rule.
         */
        MessageRuleChoice: {
            shows_text?: boolean;
            reply_tags?: boolean;
            required_words?: string[];
            forbidden_words?: string[];
            opt_out_words?: string[];
            per_sender_min?: number;
            per_number_min?: number;
            per_s?: number;
            parts_per_day?: number;
        };
        /**
         * ApplicationChange
         * @description What to change of an application; absent fields stay, a URL of null is removed.
         *
         *         `labels` sets those it names, null removes one; the others stay.
         */
        ApplicationChange: {
            name?: string;
            state?: components["schemas"]["ApplicationState"];
            status_url?: string | null;
            cdr_url?: string | null;
            sms_url?: string | null;
            sms_control_url?: string | null;
            may_call?: boolean;
            may_record?: boolean;
            may_message?: boolean;
            intercepts_unregistered?: boolean;
            allowed_addresses?: string[];
            request_limit_per_s?: number;
            pairs_per_number?: number;
            binds_per_day?: number;
            remembers_callers?: boolean;
            may_show_caller?: boolean;
            extension_repeats?: number;
            callback_number?: string | null;
            pushes_number_state?: boolean;
            number_state_url?: string | null;
            prompts?: components["schemas"]["PromptChoice"];
            messages?: components["schemas"]["MessageRuleChoice"];
            description?: string;
            has_voice_check?: boolean;
            is_sandbox?: boolean;
            labels?: {
                [key: string]: string | null;
            };
        };
        /**
         * Items[NumberView]
         * @description One page of a list; `total` counts all of it.
         */
        Items_NumberView_: {
            items: components["schemas"]["NumberView"][];
            total: number;
            offset: number;
            limit: number;
        };
        /**
         * NumberView
         * @description A virtual number; `pairs` counts its bindings.
         */
        NumberView: {
            number: string;
            app_key: string;
            area_code: string;
            state: components["schemas"]["NumberState"];
            cause: components["schemas"]["NumberCause"] | null;
            may_message: boolean;
            pairs: number;
            created_at: string;
        };
        /**
         * NumberState
         * @description States a virtual number can be in; codes of the status push in `spec/codes.md` 8.
         * @enum {unknown}
         */
        NumberState: "binding_frozen" | "blacklisted" | "normal" | "paused" | "unavailable";
        /**
         * NumberCause
         * @description Why a number is UNAVAILABLE (`spec/codes.md` 8).
         * @enum {unknown}
         */
        NumberCause: "arrears" | "calls_restricted" | "deleted" | "forwarded_always" | "forwarded_busy" | "forwarded_unanswered" | "restriction_lifted" | "stopped";
        /**
         * NumberQuery
         * @description Virtual numbers, of one application or all.
         */
        NumberQuery: {
            /** @default 0 */
            offset: number;
            /** @default 50 */
            limit: number;
            /** @default null */
            app_key: string | null;
        };
        /**
         * NewNumbers
         * @description Virtual numbers for one application; all are added or none.
         */
        NewNumbers: {
            app_key: string;
            numbers: components["schemas"]["NewNumber"][];
        };
        /**
         * NewNumber
         * @description A virtual number to add: global form, and its city code with the leading 0.
         */
        NewNumber: {
            number: string;
            area_code: string;
            /** @default true */
            may_message: boolean;
        };
        /**
         * NumbersView
         * @description The numbers that were added.
         */
        NumbersView: {
            numbers: components["schemas"]["NumberView"][];
        };
        /**
         * NumberChange
         * @description What to change of a virtual number; absent fields stay.
         *
         *         Becoming unavailable needs a `cause`, which goes with that state.
         */
        NumberChange: {
            area_code?: string;
            state?: components["schemas"]["NumberState"];
            cause?: components["schemas"]["NumberCause"] | null;
            may_message?: boolean;
        };
        /**
         * Items[TrunkView]
         * @description One page of a list; `total` counts all of it.
         */
        Items_TrunkView_: {
            items: components["schemas"]["TrunkView"][];
            total: number;
            offset: number;
            limit: number;
        };
        /**
         * TrunkView
         * @description A trunk; of its passwords only whether they are set.
         *
         *         `shows_keys` warns that the keys of its encrypted audio travel in signalling that is not.
         */
        TrunkView: {
            name: string;
            host: string;
            port: number;
            transport: components["schemas"]["Transport"];
            prefixes: string[];
            priority: number;
            weight: number;
            inbound_from: string[];
            number_format: components["schemas"]["NumberFormat"];
            inbound_strip: string;
            inbound_add: string;
            outbound_strip: string;
            outbound_add: string;
            max_calls: number;
            calls_per_s: number;
            username: string | null;
            has_password: boolean;
            has_inbound_password: boolean;
            is_enabled: boolean;
            protection: components["schemas"]["Protection"];
            outbound_proxy: string;
            shows_keys: boolean;
        };
        /**
         * Transport
         * @description What carries SIP to a trunk.
         * @enum {unknown}
         */
        Transport: "tcp" | "tls" | "udp";
        /**
         * NumberFormat
         * @description How a trunk writes numbers on the wire.
         * @enum {unknown}
         */
        NumberFormat: "e164" | "national" | "plain86";
        /**
         * Protection
         * @description How the packets of a side are encrypted: not, SRTP keyed in SDP, SRTP keyed by DTLS.
         * @enum {unknown}
         */
        Protection: "dtls" | "none" | "sdes";
        /**
         * TrunkForm
         * @description A trunk as an operator describes it; fields as in `maskline.domain.trunk.Trunk`.
         */
        TrunkForm: {
            name: string;
            host: string;
            /** @default 5060 */
            port: number;
            /** @default udp */
            transport: components["schemas"]["Transport"];
            /** @default [] */
            prefixes: string[];
            /** @default 10 */
            priority: number;
            /** @default 10 */
            weight: number;
            /** @default [] */
            inbound_from: string[];
            /** @default e164 */
            number_format: components["schemas"]["NumberFormat"];
            /** @default  */
            inbound_strip: string;
            /** @default  */
            inbound_add: string;
            /** @default  */
            outbound_strip: string;
            /** @default  */
            outbound_add: string;
            /** @default 0 */
            max_calls: number;
            /** @default 0 */
            calls_per_s: number;
            /** @default null */
            username: string | null;
            /** @default null */
            password: string | null;
            /** @default null */
            inbound_password: string | null;
            /** @default true */
            is_enabled: boolean;
            /** @default none */
            protection: components["schemas"]["Protection"];
            /** @default  */
            outbound_proxy: string;
        };
        /**
         * TrunkChange
         * @description What to change of a trunk; absent fields stay, a credential of null is removed.
         */
        TrunkChange: {
            host?: string;
            port?: number;
            transport?: components["schemas"]["Transport"];
            prefixes?: string[];
            priority?: number;
            weight?: number;
            inbound_from?: string[];
            number_format?: components["schemas"]["NumberFormat"];
            inbound_strip?: string;
            inbound_add?: string;
            outbound_strip?: string;
            outbound_add?: string;
            max_calls?: number;
            calls_per_s?: number;
            username?: string | null;
            password?: string | null;
            inbound_password?: string | null;
            is_enabled?: boolean;
            protection?: components["schemas"]["Protection"];
            outbound_proxy?: string;
        };
        /**
         * TraceView
         * @description What happened in a call. `dropped` steps came after the last that was kept.
         */
        TraceView: {
            session_id: string;
            app_key: string;
            began_at: string;
            release_code: number | null;
            dropped: number;
            steps: components["schemas"]["TraceStepView"][];
        };
        /**
         * TraceStepView
         * @description One step, `at_s` seconds after the call's arrival.
         *
         *         `where` is `A>X`, `X>A`, `X>B` or `B>X` for a SIP message, else `plan`, `media`, `told`, `end`.
         */
        TraceStepView: {
            at_s: number;
            where: string;
            what: string;
        };
        /**
         * Items[BindingView]
         * @description One page of a list; `total` counts all of it.
         */
        Items_BindingView_: {
            items: components["schemas"]["BindingView"][];
            total: number;
            offset: number;
            limit: number;
        };
        /**
         * BindingView
         * @description A binding of any mode; what its mode has not is null.
         *
         *         Real numbers are masked, `user_data` left out, unless the request reveals. `mode` is `yb` for
         *         the part of AXYB that has a B, which names its `relation_id`.
         */
        BindingView: {
            binding_id: string;
            app_key: string;
            mode: string;
            x: string;
            a: string;
            b: string | null;
            y: string | null;
            extension: string | null;
            relation_id: string | null;
            direction: string | null;
            duration_s: number | null;
            expires_at: string | null;
            close_after_calls: number;
            idle_s: number;
            record: boolean;
            max_duration_min: number;
            user_data?: string | null;
            created_at: string;
            modified_at: string;
        };
        /**
         * BindingQuery
         * @description Live bindings; `party`, or the `who` of a look-up, is a real number in either role.
         */
        BindingQuery: {
            /** @default 0 */
            offset: number;
            /** @default 50 */
            limit: number;
            /** @default null */
            app_key: string | null;
            /** @default null */
            x: string | null;
            /** @default null */
            party: string | null;
            /** @default null */
            who: string | null;
            /** @default false */
            reveal: boolean;
        };
        /**
         * RevealQuery
         * @description `reveal=true` shows real numbers in full.
         */
        RevealQuery: {
            /** @default false */
            reveal: boolean;
        };
        /**
         * Items[EndedBindingView]
         * @description One page of a list; `total` counts all of it.
         */
        Items_EndedBindingView_: {
            items: components["schemas"]["EndedBindingView"][];
            total: number;
            offset: number;
            limit: number;
        };
        /**
         * EndedBindingView
         * @description A binding as it was when it ended, and why it did.
         *
         *         With the cause `replaced` it lives on: a change took A or B out. A binding that expired ended
         *         then, whenever it was removed.
         */
        EndedBindingView: {
            binding_id: string;
            app_key: string;
            mode: string;
            x: string;
            a: string;
            b: string | null;
            y: string | null;
            extension: string | null;
            relation_id: string | null;
            direction: string | null;
            duration_s: number | null;
            expires_at: string | null;
            close_after_calls: number;
            idle_s: number;
            record: boolean;
            max_duration_min: number;
            user_data?: string | null;
            created_at: string;
            modified_at: string;
            ended_at: string;
            cause: components["schemas"]["EndCause"];
        };
        /**
         * EndCause
         * @description Why a binding ended.
         *
         *         `EXPIRED` is its deadline or its time without calls, also where something else removed it
         *         later. `REPLACED` binding ids live on with other parties: a change took A or B out.
         * @enum {unknown}
         */
        EndCause: "calls_used_up" | "expired" | "number_unbound" | "relation_ended" | "replaced" | "unbound";
        /**
         * EndedBindingQuery
         * @description Ended bindings, the latest end first. `since` and `until` bound the end.
         *
         *         `x` was X, `y` the Y of AXYB, `party`, or the `who` of a look-up, a number that was A or B.
         */
        EndedBindingQuery: {
            /** @default 0 */
            offset: number;
            /** @default 50 */
            limit: number;
            /** @default null */
            app_key: string | null;
            /** @default null */
            binding_id: string | null;
            /** @default null */
            mode: ("ax" | "axb" | "axe" | "axyb" | "yb") | null;
            /** @default null */
            x: string | null;
            /** @default null */
            y: string | null;
            /** @default null */
            party: string | null;
            /** @default null */
            who: string | null;
            /** @default null */
            since: string | null;
            /** @default null */
            until: string | null;
            /** @default false */
            reveal: boolean;
        };
        /**
         * Items[CallView]
         * @description One page of a list; `total` counts all of it.
         */
        Items_CallView_: {
            items: components["schemas"]["CallView"][];
            total: number;
            offset: number;
            limit: number;
        };
        /**
         * CallView
         * @description A call, live or ended. `caller` and `callee` are masked unless the request reveals.
         *
         *         The fields from `ended_at` on are those of the record, null while the call lives. `recording`
         *         is an object name: what a live call is recorded to, or what was kept of one that ended.
         */
        CallView: {
            session_id: string;
            state: string;
            icid: string;
            host: string;
            app_key: string;
            tenant_id: string;
            mode: components["schemas"]["Mode"];
            x: string;
            caller: string;
            callee: string | null;
            binding_id: string | null;
            caller_role: string | null;
            arrived_at: string;
            forwarded_at: string | null;
            alerted_at: string | null;
            answered_at: string | null;
            /** @default null */
            ended_at: string | null;
            /** @default null */
            release_code: number | null;
            /** @default null */
            release_text: string | null;
            /** @default null */
            sip_status: number | null;
            /** @default null */
            q850: number | null;
            /** @default null */
            hung_up_by: string | null;
            /** @default null */
            talk_time_s: number | null;
            /** @default null */
            recorded_s: number | null;
            /** @default null */
            recording: string | null;
        };
        /**
         * CallQuery
         * @description Live calls, of one worker or all.
         */
        CallQuery: {
            /** @default 0 */
            offset: number;
            /** @default 50 */
            limit: number;
            /** @default null */
            host: string | null;
            /** @default false */
            reveal: boolean;
        };
        /**
         * StoppedView
         * @description A call that was told to end.
         */
        StoppedView: {
            session_id: string;
            stopped: boolean;
        };
        /**
         * RecordQuery
         * @description Call records, newest first. `since` and `until` bound the end of the call.
         *
         *         `party`, or the `who` of a look-up, is a real number that called or was called.
         */
        RecordQuery: {
            /** @default 0 */
            offset: number;
            /** @default 50 */
            limit: number;
            /** @default null */
            app_key: string | null;
            /** @default null */
            x: string | null;
            /** @default null */
            session_id: string | null;
            /** @default null */
            party: string | null;
            /** @default null */
            who: string | null;
            /** @default null */
            since: string | null;
            /** @default null */
            until: string | null;
            /** @default false */
            reveal: boolean;
        };
        /**
         * OutboxView
         * @description The queue of pushes: how many wait, and how many were given up.
         *
         *         `disabled_receivers` counts those that nothing is pushed to until an operator or a new URL
         *         changes that.
         */
        OutboxView: {
            waiting: number;
            dead: number;
            disabled_receivers: number;
        };
        /**
         * Items[PromptView]
         * @description One page of a list; `total` counts all of it.
         */
        Items_PromptView_: {
            items: components["schemas"]["PromptView"][];
            total: number;
            offset: number;
            limit: number;
        };
        /**
         * PromptView
         * @description A prompt. Calls play `approved`; `submitted` waits for its review or was rejected.
         */
        PromptView: {
            app_key: string;
            name: string;
            description: string;
            state: components["schemas"]["PromptState"];
            rejection: string | null;
            approved: components["schemas"]["SoundView"] | null;
            submitted: components["schemas"]["SoundView"] | null;
            created_at: string;
            modified_at: string;
        };
        /**
         * PromptState
         * @description Where a prompt's latest submission stands.
         * @enum {unknown}
         */
        PromptState: "approved" | "rejected" | "waiting";
        /**
         * SoundView
         * @description A converted sound: SHA-256 and size of its WAV file, and its length.
         */
        SoundView: {
            digest: string;
            size: number;
            duration_ms: number;
        };
        /**
         * PromptQuery
         * @description Prompts, of one application or all, in one state or all.
         */
        PromptQuery: {
            /** @default 0 */
            offset: number;
            /** @default 50 */
            limit: number;
            /** @default null */
            app_key: string | null;
            /** @default null */
            state: components["schemas"]["PromptState"] | null;
        };
        /**
         * SoundQuery
         * @description Which sound: what was submitted last, or what calls play.
         */
        SoundQuery: {
            /**
             * @default latest
             * @enum {unknown}
             */
            version: "approved" | "latest";
        };
        /**
         * UploadQuery
         * @description What is said of an uploaded file; without a description the old one stays.
         */
        UploadQuery: {
            /** @default null */
            description: string | null;
        };
        /**
         * Approval
         * @description What was reviewed: with `digest`, another sound is not approved by accident.
         */
        Approval: {
            /** @default null */
            digest: string | null;
        };
        /**
         * Rejection
         * @description Why a sound may not be heard; `digest` as in an approval.
         */
        Rejection: {
            reason: string;
            /** @default null */
            digest: string | null;
        };
        /**
         * ShippedPromptsView
         * @description All of them.
         */
        ShippedPromptsView: {
            items: components["schemas"]["ShippedPromptView"][];
        };
        /**
         * ShippedPromptView
         * @description A prompt that comes with the platform: every application may name it.
         */
        ShippedPromptView: {
            name: string;
            size: number;
            duration_ms: number;
        };
        /**
         * Items[RecordingView]
         * @description One page of a list; `total` counts all of it.
         */
        Items_RecordingView_: {
            items: components["schemas"]["RecordingView"][];
            total: number;
            offset: number;
            limit: number;
        };
        /**
         * RecordingView
         * @description A recording. `duration_s` and `size`, of the WAV file, are 0 while it is written.
         */
        RecordingView: {
            object_name: string;
            bucket: string;
            domain: string;
            app_key: string;
            tenant_id: string;
            session_id: string;
            state: components["schemas"]["RecordingState"];
            started_at: string;
            duration_s: number;
            size: number;
            expires_at: string;
        };
        /**
         * RecordingState
         * @description WRITING: its call, or its way into the storage, is not over.
         * @enum {unknown}
         */
        RecordingState: "kept" | "writing";
        /**
         * RecordingQuery
         * @description Recordings, newest first. `since` and `until` bound the start of the recording.
         */
        RecordingQuery: {
            /** @default 0 */
            offset: number;
            /** @default 50 */
            limit: number;
            /** @default null */
            app_key: string | null;
            /** @default null */
            session_id: string | null;
            /** @default null */
            state: components["schemas"]["RecordingState"] | null;
            /** @default null */
            since: string | null;
            /** @default null */
            until: string | null;
        };
        /**
         * RecordingLinkView
         * @description A download link: who has it needs no token. `path` is its part on this server.
         */
        RecordingLinkView: {
            object_name: string;
            url: string;
            path: string;
            expires_at: string;
        };
        /**
         * LinkQuery
         * @description What the link is for; who may only listen has to say so.
         */
        LinkQuery: {
            /**
             * @default download
             * @enum {unknown}
             */
            use: "download" | "listen";
        };
        /**
         * Items[RegistrantView]
         * @description One page of a list; `total` counts all of it.
         */
        Items_RegistrantView_: {
            items: components["schemas"]["RegistrantView"][];
            total: number;
            offset: number;
            limit: number;
        };
        /**
         * RegistrantView
         * @description A registered number. Numbers, name and ID card are masked unless the request reveals.
         *
         *         `photo`, a file name, is left out then. `failures` counts failed verifications in a row.
         */
        RegistrantView: {
            tenant_id: string;
            number: string;
            number_type: components["schemas"]["NumberType"];
            name: string;
            identity_card: string;
            operator_number: string | null;
            has_photo: boolean;
            photo?: string | null;
            status: components["schemas"]["ReportStatus"];
            fail_reason: string | null;
            failures: number;
            failed_at: string | null;
            submitted_at: string;
            decided_at: string | null;
        };
        /**
         * NumberType
         * @description What kind of line an A number is; a landline is registered to the person handling it.
         * @enum {unknown}
         */
        NumberType: "landline" | "mobile";
        /**
         * ReportStatus
         * @description Where the verification of a number stands.
         * @enum {unknown}
         */
        ReportStatus: "failed" | "registered" | "waiting";
        /**
         * RegistrantQuery
         * @description Registered numbers, of one tenant or all, in one status or all.
         */
        RegistrantQuery: {
            /** @default 0 */
            offset: number;
            /** @default 50 */
            limit: number;
            /** @default null */
            tenant_id: string | null;
            /** @default null */
            status: components["schemas"]["ReportStatus"] | null;
            /** @default false */
            reveal: boolean;
        };
        /**
         * NewRegistrant
         * @description A number to register by hand; its type is told by the number when it is not given.
         */
        NewRegistrant: {
            number: string;
            /** @default null */
            number_type: components["schemas"]["NumberType"] | null;
            /** @default  */
            name: string;
            /** @default  */
            identity_card: string;
        };
        /**
         * RegistrantRejection
         * @description Why a person could not be verified; the tenant is told so.
         */
        RegistrantRejection: {
            reason: string;
        };
        /**
         * TenantTokensView
         * @description The tokens of a tenant that are good now.
         */
        TenantTokensView: {
            items: components["schemas"]["TenantTokenView"][];
        };
        /**
         * TenantTokenView
         * @description A token. `token` is there in the answer that made it, and never again.
         */
        TenantTokenView: {
            token_id: string;
            tenant_id: string;
            token?: string;
            created_at: string;
            expires_at: string;
        };
        /**
         * NewTenantToken
         * @description A token to make, good for `hours`.
         */
        NewTenantToken: {
            /** @default 24 */
            hours: number;
        };
        /**
         * Items[NoticeView]
         * @description One page of a list; `total` counts all of it.
         */
        Items_NoticeView_: {
            items: components["schemas"]["NoticeView"][];
            total: number;
            offset: number;
            limit: number;
        };
        /**
         * NoticeView
         * @description A notice. `body` is there when one is asked for.
         *
         *         Tokens (`{A}`, `{text}`) stand in it for numbers of people and for what they wrote, unless the
         *         request reveals.
         *         `due_at` is when it is tried next; of a dead one, about when it died. `push_id` is what the
         *         receiver sees as `webhook-id`: for a call record the id of its batch, null before the first try.
         */
        NoticeView: {
            notice_id: string;
            push_id: string | null;
            app_key: string;
            purpose: components["schemas"]["Purpose"];
            state: components["schemas"]["NoticeState"];
            stream: string;
            origin: string;
            attempts: number;
            error: string | null;
            due_at: string;
            created_at: string;
            body?: string;
        };
        /**
         * Purpose
         * @description Which of an application's receivers a notice goes to.
         * @enum {unknown}
         */
        Purpose: "message" | "number_state" | "record" | "status";
        /**
         * NoticeState
         * @description Whether a notice will still be pushed by itself; delivered ones are forgotten.
         * @enum {unknown}
         */
        NoticeState: "dead" | "waiting";
        /**
         * NoticeQuery
         * @description Notices, newest first. `since` and `until` bound when they were written.
         *
         *         `push_id` is the `webhook-id` that the receiver saw; `session_id` is a call, `x` a number whose
         *         state changed.
         */
        NoticeQuery: {
            /** @default 0 */
            offset: number;
            /** @default 50 */
            limit: number;
            /** @default null */
            app_key: string | null;
            /** @default null */
            purpose: components["schemas"]["Purpose"] | null;
            /** @default null */
            state: components["schemas"]["NoticeState"] | null;
            /** @default null */
            session_id: string | null;
            /** @default null */
            x: string | null;
            /** @default null */
            push_id: string | null;
            /** @default null */
            since: string | null;
            /** @default null */
            until: string | null;
        };
        /**
         * Replay
         * @description Which dead notices are pushed again: those of one push, of a call or of an application.
         */
        Replay: {
            /** @default null */
            push_id: string | null;
            /** @default null */
            app_key: string | null;
            /** @default null */
            purpose: components["schemas"]["Purpose"] | null;
            /** @default null */
            session_id: string | null;
            /** @default null */
            since: string | null;
            /** @default null */
            until: string | null;
            /** @default 1000 */
            limit: number;
        };
        /**
         * RevivedView
         * @description How many notices are pushed again, and how many more that match are still dead.
         */
        RevivedView: {
            revived: number;
            left: number;
        };
        /**
         * Items[ReceiverView]
         * @description One page of a list; `total` counts all of it.
         */
        Items_ReceiverView_: {
            items: components["schemas"]["ReceiverView"][];
            total: number;
            offset: number;
            limit: number;
        };
        /**
         * ReceiverView
         * @description A receiver that accepts nothing: `failing` while it is still tried, else `disabled`.
         */
        ReceiverView: {
            app_key: string;
            purpose: components["schemas"]["Purpose"];
            url: string;
            state: string;
            since: string;
            disabled_at: string | null;
            error: string;
        };
        /**
         * ReceiverQuery
         * @description Receivers in trouble, of one application or all.
         */
        ReceiverQuery: {
            /** @default 0 */
            offset: number;
            /** @default 50 */
            limit: number;
            /** @default null */
            app_key: string | null;
        };
        /**
         * TrialView
         * @description A test push and its answer; `status` null: there was none.
         */
        TrialView: {
            url: string;
            headers: {
                [key: string]: string;
            };
            body: string;
            accepted: boolean;
            status: number | null;
            error: string | null;
            took_ms: number;
        };
        /**
         * WebhookSecretView
         * @description What signs the bodies of pushes (`webhook-signature`), newest first; all of them are valid.
         *
         *         `is_derived` tells that it was made from the application's secret, and changes with it.
         */
        WebhookSecretView: {
            app_key: string;
            secrets: string[];
            is_derived: boolean;
        };
        /**
         * Items[LockoutView]
         * @description One page of a list; `total` counts all of it.
         */
        Items_LockoutView_: {
            items: components["schemas"]["LockoutView"][];
            total: number;
            offset: number;
            limit: number;
        };
        /**
         * LockoutView
         * @description An address that is locked out of an interface (`rest`, `registration`).
         *
         *         Of an IPv6 address it is its /64.
         */
        LockoutView: {
            address: string;
            interface: string;
            failures: number;
            until: string;
        };
        /**
         * ExportForm
         * @description Whose data to hand out, of one tenant or all.
         */
        ExportForm: {
            number: string;
            /** @default null */
            tenant_id: string | null;
        };
        /**
         * PersonData
         * @description All of it. Without `is_complete` there is more of something than one answer holds.
         */
        PersonData: {
            number: string;
            made_at: string;
            is_complete: boolean;
            bindings: components["schemas"]["PersonBinding"][];
            ended_bindings: components["schemas"]["PersonEndedBinding"][];
            mentions: components["schemas"]["PersonMention"][];
            calls: components["schemas"]["PersonCall"][];
            live_calls: string[];
            recordings: components["schemas"]["PersonRecording"][];
            registrations: components["schemas"]["PersonRegistration"][];
            traces: components["schemas"]["PersonTrace"][];
            messages: components["schemas"]["PersonMessage"][];
            message_parts: components["schemas"]["PersonMessagePart"][];
            reply_tags: components["schemas"]["PersonReplyTag"][];
            message_blocks: components["schemas"]["PersonBlock"][];
        };
        /**
         * PersonBinding
         * @description A binding that the person is a party of.
         */
        PersonBinding: {
            binding_id: string;
            app_key: string;
            x: string;
            role: string;
            other: string;
            user_data: string | null;
            created_at: string;
            expires_at: string | null;
        };
        /**
         * PersonEndedBinding
         * @description A binding that the person was a party of.
         */
        PersonEndedBinding: {
            binding_id: string;
            app_key: string;
            x: string;
            role: string;
            other: string;
            user_data: string | null;
            created_at: string;
            expires_at: string | null;
            ended_at: string;
            cause: string;
        };
        /**
         * PersonMention
         * @description Somebody else's binding whose next call goes to the person.
         */
        PersonMention: {
            binding_id: string;
            app_key: string;
            kind: string;
            expires_at: string | null;
        };
        /**
         * PersonCall
         * @description A call that the person made or got.
         */
        PersonCall: {
            session_id: string;
            app_key: string;
            binding_id: string | null;
            x: string;
            was_caller: boolean;
            other: string;
            user_data: string | null;
            arrived_at: string;
            answered_at: string | null;
            ended_at: string;
            talk_time_s: number;
            release_code: number;
            recorded_s: number;
        };
        /**
         * PersonRecording
         * @description A recording of such a call; `maskline recording download` gets the sound.
         */
        PersonRecording: {
            object_name: string;
            session_id: string;
            started_at: string;
            duration_s: number;
            expires_at: string;
        };
        /**
         * PersonRegistration
         * @description What a tenant has registered of the person.
         */
        PersonRegistration: {
            tenant_id: string;
            number_type: string;
            name: string;
            identity_card: string;
            photo: string | null;
            status: string;
            fail_reason: string | null;
            submitted_at: string;
            decided_at: string | null;
        };
        /**
         * PersonTrace
         * @description The trace of a call; no number is in it.
         */
        PersonTrace: {
            session_id: string;
            steps: components["schemas"]["PersonStep"][];
        };
        /**
         * PersonStep
         * @description A step of a call's trace.
         */
        PersonStep: {
            at_s: number;
            where: string;
            what: string;
        };
        /**
         * PersonMessage
         * @description A message that the person sent, or that was for the person.
         *
         *         `text` is what the person wrote or got; empty once its time is over.
         */
        PersonMessage: {
            message_id: string;
            app_key: string;
            binding_id: string | null;
            x: string;
            was_sender: boolean;
            other: string;
            text: string;
            user_data: string | null;
            came_at: string;
            done_at: string | null;
            result: string | null;
            sent: number;
            total: number;
        };
        /**
         * PersonMessagePart
         * @description A part of a long message that the person sent, by itself.
         */
        PersonMessagePart: {
            x: string;
            number: number;
            total: number;
            text: string;
            came_at: string;
        };
        /**
         * PersonReplyTag
         * @description By which tag A of a binding answers the person.
         */
        PersonReplyTag: {
            binding_id: string;
            tag: number;
            allotted_at: string;
        };
        /**
         * PersonBlock
         * @description A list the person is on; without `app_key` it counts for all applications.
         */
        PersonBlock: {
            kind: string;
            app_key: string;
            reason: string;
            created_at: string;
        };
        /**
         * EraseForm
         * @description Whose data to erase, of one tenant. `confirm` has to be true: nothing brings it back.
         */
        EraseForm: {
            number: string;
            tenant_id: string;
            /** @default false */
            confirm: boolean;
        };
        /**
         * Erased
         * @description How much of what an erasure did, and the entry of the log that says so.
         *
         *         `live_calls` are up and were left alone, so were `live_messages`, which are on their way;
         *         `unfinished_recordings` are on theirs into the storage: erase again when they are over. `seal`
         *         is what the log has, hexadecimal.
         */
        Erased: {
            erasure_id: string;
            tenant_id: string;
            erased_at: string;
            bindings: number;
            ended_bindings: number;
            mentions: number;
            records: number;
            notices: number;
            recordings: number;
            registrations: number;
            messages: number;
            message_parts: number;
            reply_tags: number;
            message_blocks: number;
            live_calls: number;
            live_messages: number;
            unfinished_recordings: number;
            seal: string;
        };
        /**
         * Items[ErasureView]
         * @description One page of a list; `total` counts all of it.
         */
        Items_ErasureView_: {
            items: components["schemas"]["ErasureView"][];
            total: number;
            offset: number;
            limit: number;
        };
        /**
         * ErasureView
         * @description That somebody's data was erased. One that is not `is_sound` was changed, or one before it.
         */
        ErasureView: {
            erasure_id: string;
            tenant_id: string;
            erased_at: string;
            counts: {
                [key: string]: number;
            };
            is_sound: boolean;
        };
        /**
         * Items[MessageView]
         * @description One page of a list; `total` counts all of it.
         */
        Items_MessageView_: {
            items: components["schemas"]["MessageView"][];
            total: number;
            offset: number;
            limit: number;
        };
        /**
         * MessageView
         * @description A message. Numbers are masked, and texts left out, unless the request reveals.
         *
         *         `text` is what was written, `outgoing` what was forwarded; both are empty once their time is
         *         over. `sent` of `total` parts were taken by a message centre, `delivered` of them have a
         *         receipt that says so. `result` is the name of the `sendResult`, `result_code` its number.
         */
        MessageView: {
            message_id: string;
            app_key: string;
            mode: components["schemas"]["Mode"];
            x: string;
            sender: string;
            receiver: string | null;
            sender_role: string | null;
            binding_id: string | null;
            link: string;
            state: components["schemas"]["MessageState"];
            result: string | null;
            result_code: number | null;
            sent: number;
            total: number;
            delivered: number;
            is_repeated: boolean;
            expects: number;
            has: number;
            tries: number;
            came_at: string;
            due_at: string | null;
            done_at: string | null;
            user_data?: string | null;
            text?: string;
            outgoing?: string | null;
            parts?: components["schemas"]["MessagePartView"][];
        };
        /**
         * MessageState
         * @description Where a message stands.
         *
         *         | state   | what happens next                                         | leads to       |
         *         | ------- | --------------------------------------------------------- | -------------- |
         *         | ASKING  | the customer's server is asked what to do with it         | WAITING, DONE  |
         *         | WAITING | it is handed to a message centre, part by part            | DONE           |
         *         | DONE    | nothing but receipts of its parts; `result` stands        |                |
         * @enum {unknown}
         */
        MessageState: "asking" | "done" | "waiting";
        /**
         * MessagePartView
         * @description An outgoing part. `status` is the answer of the message centre, or a receipt's error.
         *
         *         `tries` over 1 says that it may have arrived twice.
         */
        MessagePartView: {
            number: number;
            link: string;
            state: components["schemas"]["PartState"];
            centre_id: string;
            status: number;
            tries: number;
            changed_at: string;
        };
        /**
         * PartState
         * @description How far one outgoing part got; the last three come by receipt.
         *
         *         UNANSWERED: the message centre was given it and did not answer, so it may have it.
         * @enum {unknown}
         */
        PartState: "delivered" | "expired" | "refused" | "taken" | "unanswered" | "undeliverable";
        /**
         * MessageQuery
         * @description Messages, newest first. `since` and `until` bound when they came.
         *
         *         `party`, or the `who` of a look-up, is a real number that sent or got it; `result` is the name
         *         of a `sendResult`.
         */
        MessageQuery: {
            /** @default 0 */
            offset: number;
            /** @default 50 */
            limit: number;
            /** @default null */
            app_key: string | null;
            /** @default null */
            x: string | null;
            /** @default null */
            party: string | null;
            /** @default null */
            who: string | null;
            /** @default null */
            state: components["schemas"]["MessageState"] | null;
            /** @default null */
            result: string | null;
            /** @default null */
            since: string | null;
            /** @default null */
            until: string | null;
            /** @default false */
            reveal: boolean;
        };
        /**
         * Items[SmsLinkView]
         * @description One page of a list; `total` counts all of it.
         */
        Items_SmsLinkView_: {
            items: components["schemas"]["SmsLinkView"][];
            total: number;
            offset: number;
            limit: number;
        };
        /**
         * SmsLinkView
         * @description A link; of its password only whether it is set.
         *
         *         `state` is the best that a worker tells, null when none has told of it; `detail` what is wrong
         *         with it otherwise.
         */
        SmsLinkView: {
            name: string;
            host: string;
            port: number;
            is_tls: boolean;
            system_id: string;
            has_password: boolean;
            system_type: string;
            bind: components["schemas"]["BindKind"];
            owns: string[];
            prefixes: string[];
            priority: number;
            window: number;
            per_s: number;
            enquire_s: number;
            number_format: components["schemas"]["NumberFormat"];
            ton: number;
            npi: number;
            default_alphabet: components["schemas"]["DefaultAlphabet"];
            sends_latin1: boolean;
            ucs2_code: number;
            long_messages: components["schemas"]["LongMessages"];
            receipt_ids: components["schemas"]["ReceiptIds"];
            is_enabled: boolean;
            state: components["schemas"]["LinkCondition"] | null;
            detail: string;
            connections: components["schemas"]["SmsConnectionView"][];
        };
        /**
         * BindKind
         * @description How a link binds: one connection both ways, or one for each direction.
         * @enum {unknown}
         */
        BindKind: "separate" | "transceiver";
        /**
         * DefaultAlphabet
         * @description What `data_coding` 0 means on a link.
         * @enum {unknown}
         */
        DefaultAlphabet: "ascii" | "gsm" | "gsm_packed" | "latin1" | "ucs2";
        /**
         * LongMessages
         * @description How a link takes messages of several parts.
         * @enum {unknown}
         */
        LongMessages: "payload" | "sar" | "udh" | "udh16";
        /**
         * ReceiptIds
         * @description How the message ids of receipts are written, beside those of the answers to submits.
         *
         *         The first are the same; HEX: the answer's is hexadecimal and the receipt's decimal; DECIMAL: the
         *         other way round.
         * @enum {unknown}
         */
        ReceiptIds: "decimal" | "hex" | "same";
        /**
         * LinkCondition
         * @description BOUND: messages can be sent. PARTLY: only one of its two connections is bound.
         * @enum {unknown}
         */
        LinkCondition: "bound" | "connecting" | "disabled" | "down" | "partly";
        /**
         * SmsConnectionView
         * @description How a link stands with one worker.
         *
         *         `waiting` parts were not sent yet, `in_flight` wait for their answers. `reason` says why it was
         *         lost last, or cannot be made.
         */
        SmsConnectionView: {
            worker: string;
            condition: components["schemas"]["LinkCondition"];
            reason: string;
            waiting: number;
            in_flight: number;
        };
        /**
         * SmsLinkForm
         * @description A link as an operator describes it; fields as in `maskline.domain.sms_link.SmsLink`.
         */
        SmsLinkForm: {
            name: string;
            host: string;
            system_id: string;
            /** @default 2775 */
            port: number;
            /** @default false */
            is_tls: boolean;
            /** @default  */
            password: string;
            /** @default  */
            system_type: string;
            /** @default transceiver */
            bind: components["schemas"]["BindKind"];
            /** @default [] */
            owns: string[];
            /** @default [] */
            prefixes: string[];
            /** @default 10 */
            priority: number;
            /** @default 32 */
            window: number;
            /** @default 0 */
            per_s: number;
            /** @default 30 */
            enquire_s: number;
            /** @default e164 */
            number_format: components["schemas"]["NumberFormat"];
            /** @default -1 */
            ton: number;
            /** @default -1 */
            npi: number;
            /** @default gsm */
            default_alphabet: components["schemas"]["DefaultAlphabet"];
            /** @default false */
            sends_latin1: boolean;
            /** @default 8 */
            ucs2_code: number;
            /** @default udh */
            long_messages: components["schemas"]["LongMessages"];
            /** @default same */
            receipt_ids: components["schemas"]["ReceiptIds"];
            /** @default true */
            is_enabled: boolean;
        };
        /**
         * SmsLinkChange
         * @description What to change of a link; absent fields stay.
         */
        SmsLinkChange: {
            host?: string;
            system_id?: string;
            port?: number;
            is_tls?: boolean;
            password?: string;
            system_type?: string;
            bind?: components["schemas"]["BindKind"];
            owns?: string[];
            prefixes?: string[];
            priority?: number;
            window?: number;
            per_s?: number;
            enquire_s?: number;
            number_format?: components["schemas"]["NumberFormat"];
            ton?: number;
            npi?: number;
            default_alphabet?: components["schemas"]["DefaultAlphabet"];
            sends_latin1?: boolean;
            ucs2_code?: number;
            long_messages?: components["schemas"]["LongMessages"];
            receipt_ids?: components["schemas"]["ReceiptIds"];
            is_enabled?: boolean;
        };
        /**
         * Items[BlockView]
         * @description One page of a list; `total` counts all of it.
         */
        Items_BlockView_: {
            items: components["schemas"]["BlockView"][];
            total: number;
            offset: number;
            limit: number;
        };
        /**
         * BlockView
         * @description A number on a list: `blocked` may not send, `opted_out` gets nothing.
         *
         *         It is masked unless the request reveals.
         */
        BlockView: {
            kind: components["schemas"]["BlockKind"];
            app_key: string;
            number: string;
            reason: string;
            created_at: string;
        };
        /**
         * BlockKind
         * @description Why a number is on a list: an operator put it there, or the person asked for no messages.
         * @enum {unknown}
         */
        BlockKind: "blocked" | "opted_out";
        /**
         * BlockQuery
         * @description Numbers on the lists, newest first; an `app_key` of "" asks for those of all applications.
         */
        BlockQuery: {
            /** @default 0 */
            offset: number;
            /** @default 50 */
            limit: number;
            /** @default null */
            kind: components["schemas"]["BlockKind"] | null;
            /** @default null */
            app_key: string | null;
            /** @default null */
            number: string | null;
            /** @default null */
            who: string | null;
            /** @default false */
            reveal: boolean;
        };
        /**
         * BlockForm
         * @description A number to put on a list; without `app_key` of all applications.
         */
        BlockForm: {
            number: string;
            /** @default blocked */
            kind: components["schemas"]["BlockKind"];
            /** @default  */
            app_key: string;
            /** @default  */
            reason: string;
        };
        /**
         * BlockRemoval
         * @description A number to take off a list. In the body, as a number has no place in logs of addresses.
         */
        BlockRemoval: {
            number: string;
            /** @default blocked */
            kind: components["schemas"]["BlockKind"];
            /** @default  */
            app_key: string;
        };
        /**
         * RevealForm
         * @description What to show, and why. `fault` and `authority` need a `note`: the ticket, or the order.
         */
        RevealForm: {
            kind: string;
            object_id: string;
            field: string;
            reason: components["schemas"]["Reason"];
            /** @default  */
            note: string;
        };
        /**
         * Reason
         * @description Why somebody needs a number, or a text, in the clear.
         * @enum {unknown}
         */
        Reason: "authority" | "complaint" | "fault" | "fraud" | "request";
        /**
         * RevealView
         * @description A value in the clear, to be shown for `expires_in_s` and kept nowhere.
         */
        RevealView: {
            value: string;
            expires_in_s: number;
        };
        /**
         * LookupForm
         * @description A whole number in any usual form: +86139…, 0086139…, 139…, 0755-…, with blanks or dashes.
         */
        LookupForm: {
            number: string;
        };
        /**
         * LookupView
         * @description `who` stands for the number in queries of lists, for this caller and until then.
         *
         *         `number` is masked.
         */
        LookupView: {
            who: string;
            number: string;
            expires_at: string;
            hint: string;
        };
        /**
         * SecretsView
         * @description All that work, newest first.
         */
        SecretsView: {
            items: components["schemas"]["SecretView"][];
        };
        /**
         * SecretView
         * @description A secret that works. `valid_until` null: as long as there is no newer one.
         *
         *         `used_at` and `used_from` tell of the last request that was signed with it, half a minute late.
         */
        SecretView: {
            secret_id: string;
            is_current: boolean;
            created_at: string;
            valid_until: string | null;
            used_at: string | null;
            used_from: string | null;
        };
        /**
         * SecretRenewal
         * @description How long the present secret works beside the new one: 0, 3600, 86400 or 604800 s.
         *
         *         With 0 no earlier one works any more.
         */
        SecretRenewal: {
            /** @default 86400 */
            grace_s: number;
        };
        /**
         * NewSecretView
         * @description A new secret. `app_secret` is in this answer only; `former` are those that still work.
         */
        NewSecretView: {
            app_key: string;
            secret_id: string;
            app_secret: string;
            created_at: string;
            former: components["schemas"]["SecretView"][];
        };
        /**
         * SignInView
         * @description What the sign-in page shows.
         */
        SignInView: {
            demo_accounts: components["schemas"]["DemoAccount"][];
            needs_setup: boolean;
            version: string;
        };
        /**
         * DemoAccount
         * @description An account of the demo, for everybody to use.
         */
        DemoAccount: {
            login: string;
            password: string;
            role: components["schemas"]["Role"];
        };
        /**
         * Role
         * @description A named set of rights. The first six belong to a tenant, the last two to the platform.
         * @enum {unknown}
         */
        Role: "administrator" | "developer" | "finance" | "number_operator" | "operator" | "owner" | "reviewer" | "support";
        /**
         * SignInForm
         * @description A login with its password, and the code of the authenticator app where there is one.
         */
        SignInForm: {
            login: string;
            password: string;
            /** @default null */
            code: string | null;
        };
        /**
         * SessionView
         * @description A session. It ends at `expires_at`, or earlier when nobody uses it.
         */
        SessionView: {
            user: components["schemas"]["SessionUserView"];
            tenant: components["schemas"]["SessionTenantView"] | null;
            rights: string[];
            stepped_up_until: string;
            expires_at: string;
            features: components["schemas"]["Features"];
        };
        /**
         * SessionUserView
         * @description Who is signed in.
         */
        SessionUserView: {
            user_id: string;
            login: string;
            name: string;
            role: components["schemas"]["Role"];
            tenant_id: string | null;
            language: string;
            zone: string;
            has_totp: boolean;
        };
        /**
         * SessionTenantView
         * @description Whose people somebody belongs to.
         */
        SessionTenantView: {
            tenant_id: string;
            name: string;
        };
        /**
         * Features
         * @description What this installation has.
         */
        Features: {
            /** @default false */
            sandbox: boolean;
            /** @default false */
            demo: boolean;
        };
        /**
         * StepUpForm
         * @description The password again, or a code of the authenticator app.
         */
        StepUpForm: {
            /** @default null */
            password: string | null;
            /** @default null */
            code: string | null;
        };
        /**
         * SetupForm
         * @description The first operator, with the token of the set-up link.
         */
        SetupForm: {
            token: string;
            login: string;
            name: string;
            password: string;
            /** @default null */
            language: string | null;
            /** @default null */
            zone: string | null;
        };
        /**
         * LinkToken
         * @description The token of a link.
         */
        LinkToken: {
            token: string;
        };
        /**
         * LinkPreview
         * @description What a link is for, as the page shows that it leads to.
         */
        LinkPreview: {
            purpose: components["schemas"]["LinkPurpose"];
            login: string;
            name: string;
            role: components["schemas"]["Role"];
            tenant_name: string | null;
            expires_at: string;
        };
        /**
         * LinkPurpose
         * @description What a link is good for, once.
         * @enum {unknown}
         */
        LinkPurpose: "invitation" | "reset" | "setup";
        /**
         * AcceptForm
         * @description The password of who was invited, or has a link for a new one.
         */
        AcceptForm: {
            token: string;
            password: string;
            /** @default null */
            name: string | null;
            /** @default null */
            language: string | null;
            /** @default null */
            zone: string | null;
        };
        /**
         * HealthView
         * @description Whether a process is up, or ready; `checks` says what it depends on.
         */
        HealthView: {
            status: string;
            version: string;
            /** @default {} */
            checks: {
                [key: string]: boolean;
            };
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    list_tenants: {
        parameters: {
            query?: {
                offset?: number;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Items_TenantView_"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    create_tenant: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewTenant"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TenantView"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    show_tenant: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                tenant_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TenantView"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    change_tenant: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                tenant_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TenantChange"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TenantView"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    list_applications: {
        parameters: {
            query?: {
                offset?: number;
                limit?: number;
                tenant_id?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Items_ApplicationView_"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    create_application: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewApplication"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApplicationView"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    show_application: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                app_key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApplicationView"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    change_application: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                app_key: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ApplicationChange"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApplicationView"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    renew_secret: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                app_key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApplicationView"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    list_numbers: {
        parameters: {
            query?: {
                offset?: number;
                limit?: number;
                app_key?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Items_NumberView_"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    add_numbers: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewNumbers"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NumbersView"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    show_number: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                number: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NumberView"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    change_number: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                number: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NumberChange"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NumberView"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    list_trunks: {
        parameters: {
            query?: {
                offset?: number;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Items_TrunkView_"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    add_trunk: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TrunkForm"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TrunkView"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    show_trunk: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TrunkView"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    remove_trunk: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    change_trunk: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TrunkChange"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TrunkView"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    show_trace: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                session_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TraceView"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    list_bindings: {
        parameters: {
            query?: {
                offset?: number;
                limit?: number;
                app_key?: string | null;
                x?: string | null;
                party?: string | null;
                who?: string | null;
                reveal?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Items_BindingView_"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    show_binding: {
        parameters: {
            query?: {
                reveal?: boolean;
            };
            header?: never;
            path: {
                binding_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BindingView"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    list_ended_bindings: {
        parameters: {
            query?: {
                offset?: number;
                limit?: number;
                app_key?: string | null;
                binding_id?: string | null;
                mode?: ("ax" | "axb" | "axe" | "axyb" | "yb") | null;
                x?: string | null;
                y?: string | null;
                party?: string | null;
                who?: string | null;
                since?: string | null;
                until?: string | null;
                reveal?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Items_EndedBindingView_"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    list_calls: {
        parameters: {
            query?: {
                offset?: number;
                limit?: number;
                host?: string | null;
                reveal?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Items_CallView_"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    show_call: {
        parameters: {
            query?: {
                reveal?: boolean;
            };
            header?: never;
            path: {
                session_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CallView"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    stop_call: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                session_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StoppedView"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    list_records: {
        parameters: {
            query?: {
                offset?: number;
                limit?: number;
                app_key?: string | null;
                x?: string | null;
                session_id?: string | null;
                party?: string | null;
                who?: string | null;
                since?: string | null;
                until?: string | null;
                reveal?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Items_CallView_"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    show_outbox: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OutboxView"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    list_prompts: {
        parameters: {
            query?: {
                offset?: number;
                limit?: number;
                app_key?: string | null;
                state?: components["schemas"]["PromptState"] | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Items_PromptView_"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    show_prompt: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                app_key: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PromptView"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    submit_prompt: {
        parameters: {
            query?: {
                description?: string | null;
            };
            header?: never;
            path: {
                app_key: string;
                name: string;
            };
            cookie?: never;
        };
        /** @description The file itself, at most 20000000 bytes */
        requestBody: {
            content: {
                "application/octet-stream": string;
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PromptView"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    remove_prompt: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                app_key: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    download_prompt: {
        parameters: {
            query?: {
                version?: "approved" | "latest";
            };
            header?: never;
            path: {
                app_key: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "audio/wav": string;
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    approve_prompt: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                app_key: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Approval"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PromptView"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    reject_prompt: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                app_key: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Rejection"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PromptView"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    list_shipped_prompts: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ShippedPromptsView"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    download_shipped_prompt: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "audio/wav": string;
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    list_recordings: {
        parameters: {
            query?: {
                offset?: number;
                limit?: number;
                app_key?: string | null;
                session_id?: string | null;
                state?: components["schemas"]["RecordingState"] | null;
                since?: string | null;
                until?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Items_RecordingView_"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    show_recording: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                object_name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecordingView"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    delete_recording: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                object_name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    link_recording: {
        parameters: {
            query?: {
                use?: "download" | "listen";
            };
            header?: never;
            path: {
                object_name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecordingLinkView"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    list_registrants: {
        parameters: {
            query?: {
                offset?: number;
                limit?: number;
                tenant_id?: string | null;
                status?: components["schemas"]["ReportStatus"] | null;
                reveal?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Items_RegistrantView_"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    show_registrant: {
        parameters: {
            query?: {
                reveal?: boolean;
            };
            header?: never;
            path: {
                tenant_id: string;
                number: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RegistrantView"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    remove_registrant: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                tenant_id: string;
                number: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    download_photo: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                tenant_id: string;
                number: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    add_registrant: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                tenant_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewRegistrant"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RegistrantView"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    accept_registrant: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                tenant_id: string;
                number: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RegistrantView"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    reject_registrant: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                tenant_id: string;
                number: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RegistrantRejection"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RegistrantView"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    list_tenant_tokens: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                tenant_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TenantTokensView"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    add_tenant_token: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                tenant_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewTenantToken"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TenantTokenView"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    remove_tenant_token: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                tenant_id: string;
                token_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    list_notices: {
        parameters: {
            query?: {
                offset?: number;
                limit?: number;
                app_key?: string | null;
                purpose?: components["schemas"]["Purpose"] | null;
                state?: components["schemas"]["NoticeState"] | null;
                session_id?: string | null;
                x?: string | null;
                push_id?: string | null;
                since?: string | null;
                until?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Items_NoticeView_"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    replay_notices: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Replay"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RevivedView"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    show_notice: {
        parameters: {
            query?: {
                reveal?: boolean;
            };
            header?: never;
            path: {
                notice_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NoticeView"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    list_receivers: {
        parameters: {
            query?: {
                offset?: number;
                limit?: number;
                app_key?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Items_ReceiverView_"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    enable_receiver: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                app_key: string;
                purpose: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    test_receiver: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                app_key: string;
                purpose: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TrialView"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    show_webhook_secret: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                app_key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookSecretView"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    renew_webhook_secret: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                app_key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookSecretView"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    forget_webhook_secret: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                app_key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    list_lockouts: {
        parameters: {
            query?: {
                offset?: number;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Items_LockoutView_"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    release_lockout: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                address: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    export_person: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ExportForm"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonData"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    erase_person: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EraseForm"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Erased"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    list_erasures: {
        parameters: {
            query?: {
                offset?: number;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Items_ErasureView_"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    list_messages: {
        parameters: {
            query?: {
                offset?: number;
                limit?: number;
                app_key?: string | null;
                x?: string | null;
                party?: string | null;
                who?: string | null;
                state?: components["schemas"]["MessageState"] | null;
                result?: string | null;
                since?: string | null;
                until?: string | null;
                reveal?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Items_MessageView_"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    show_message: {
        parameters: {
            query?: {
                reveal?: boolean;
            };
            header?: never;
            path: {
                message_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MessageView"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    list_sms_links: {
        parameters: {
            query?: {
                offset?: number;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Items_SmsLinkView_"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    add_sms_link: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SmsLinkForm"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SmsLinkView"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    show_sms_link: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SmsLinkView"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    remove_sms_link: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    change_sms_link: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SmsLinkChange"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SmsLinkView"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    list_message_blocks: {
        parameters: {
            query?: {
                offset?: number;
                limit?: number;
                kind?: components["schemas"]["BlockKind"] | null;
                app_key?: string | null;
                number?: string | null;
                who?: string | null;
                reveal?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Items_BlockView_"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    add_message_block: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BlockForm"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BlockView"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    remove_message_block: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BlockRemoval"];
            };
        };
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    reveal: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RevealForm"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RevealView"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    look_up_number: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LookupForm"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LookupView"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    list_secrets: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                app_key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SecretsView"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    add_secret: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                app_key: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SecretRenewal"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewSecretView"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    end_secret: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                app_key: string;
                secret_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    show_sign_in: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignInView"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    show_session: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionView"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    sign_in: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignInForm"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionView"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Locked */
            423: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    sign_out: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    step_up: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StepUpForm"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionView"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Locked */
            423: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    set_up: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SetupForm"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionView"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Gone */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    look_at_link: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LinkToken"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LinkPreview"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Gone */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    accept_invitation: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AcceptForm"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionView"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Gone */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    show_health: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HealthView"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    show_readiness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HealthView"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    show_metrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain; version=1.0.0; charset=utf-8": string;
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Forbidden */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Internal Server Error */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
}
