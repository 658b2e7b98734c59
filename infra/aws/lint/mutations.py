"""Ways to break the template, each with the rule of infra/aws/policy that must notice: proves that no rule is asleep."""

import copy


def of_type(template: dict, kind: str) -> list[dict]:
    """The resources of one type."""
    return [one for one in template["Resources"].values() if one["Type"] == kind]


def properties(template: dict, name: str) -> dict:
    return template["Resources"][name]["Properties"]


def statements(template: dict, role: str) -> list[dict]:
    return properties(template, role)["Policies"][0]["PolicyDocument"]["Statement"]


def drop_tls(template: dict, policy: str):
    document = properties(template, policy)["PolicyDocument"]
    document["Statement"] = [one for one in document["Statement"] if one["Effect"] == "Allow"]


def first(template: dict, kind: str) -> dict:
    return of_type(template, kind)[0]["Properties"]


def stream(template: dict) -> dict:
    mappings = of_type(template, "AWS::Lambda::EventSourceMapping")
    return next(one["Properties"] for one in mappings if "StartingPosition" in one["Properties"])


# Name of the rule, and what is done to a copy of the template.
MUTATIONS = [
    ("roles_have_no_managed_policies", lambda t: properties(t, "MailEventsRole").update(ManagedPolicyArns=["arn:aws:iam::aws:policy/AdministratorAccess"])),
    ("roles_belong_to_lambda_or_scheduler", lambda t: properties(t, "MailEventsRole")["AssumeRolePolicyDocument"]["Statement"][0].update(Principal={"Service": "ec2.amazonaws.com"})),
    ("actions_are_listed", lambda t: statements(t, "HandoffFormRole")[-1].update(Action="sqs:*")),
    ("actions_are_listed", lambda t: statements(t, "HandoffFormRole")[-1].update(Action=["sqs:SendMessage", "sqs:Get*"])),
    ("resources_are_named", lambda t: statements(t, "HandoffFormRole")[-1].update(Resource="*")),
    ("resources_are_named", lambda t: statements(t, "HandoffFormRole")[-1].update(Resource=["*"])),
    ("resources_are_named", lambda t: statements(t, "DraftingWorkerRole")[-1].update(Resource="*")),
    ("nobody_reads_or_breaks_everything", lambda t: statements(t, "HandoffFormRole")[-1].update(Action=["dynamodb:Scan"])),
    ("only_the_sender_sends_mail", lambda t: statements(t, "HandoffFormRole")[-1].update(Action=["ses:SendEmail"])),
    ("only_the_sender_sends_mail", lambda t: [one.pop("Condition", None) for one in statements(t, "EmailSenderRole")]),
    ("permissions_name_who_calls", lambda t: first(t, "AWS::Lambda::Permission").pop("SourceArn")),
    ("tables_can_be_restored", lambda t: properties(t, "Table").update(DeletionProtectionEnabled=False)),
    ("tables_can_be_restored", lambda t: properties(t, "Table").pop("PointInTimeRecoverySpecification")),
    ("data_outlives_the_stack", lambda t: t["Resources"]["IntakeQueue"].update(DeletionPolicy="Delete")),
    ("queues_are_encrypted_and_patient", lambda t: properties(t, "IntakeQueue").update(SqsManagedSseEnabled=False)),
    ("queues_end_in_dead_letters", lambda t: properties(t, "IntakeQueue").pop("RedrivePolicy")),
    ("queues_and_topics_speak_tls", lambda t: drop_tls(t, "MailEventsQueuePolicy")),
    ("nobody_unnamed_is_let_in", lambda t: properties(t, "MailEventsTopicPolicy")["PolicyDocument"]["Statement"][0].update(Principal="*")),
    ("secrets_stand_nowhere_in_clear", lambda t: properties(t, "LinkKey").update(SecretString="open")),
    ("mail_travels_encrypted_and_untracked", lambda t: first(t, "AWS::SES::ConfigurationSetEventDestination")["EventDestination"]["MatchingEventTypes"].append("CLICK")),
    ("functions_are_of_one_kind", lambda t: properties(t, "MailEvents").pop("TracingConfig")),
    ("functions_are_of_one_kind", lambda t: properties(t, "MailEvents").update(Runtime="nodejs22.x")),
    ("functions_log_json_into_a_group_of_their_own", lambda t: properties(t, "MailEvents").pop("LoggingConfig")),
    ("logs_are_forgotten", lambda t: properties(t, "MailEventsLogs").pop("RetentionInDays")),
    ("event_sources_call_the_alias", lambda t: stream(t).update(FunctionName={"Ref": "EmailSender"})),
    ("event_sources_report_single_failures", lambda t: stream(t).pop("FunctionResponseTypes")),
    ("streams_give_up_into_a_queue", lambda t: stream(t).update(MaximumRetryAttempts=-1)),
    ("schedules_end_in_dead_letters", lambda t: first(t, "AWS::Scheduler::Schedule")["Target"].pop("DeadLetterConfig")),
    ("the_api_is_throttled_and_logged", lambda t: first(t, "AWS::ApiGatewayV2::Stage")["DefaultRouteSettings"].pop("ThrottlingRateLimit")),
    ("access_logs_hold_no_links_and_no_callers", lambda t: first(t, "AWS::ApiGatewayV2::Stage")["AccessLogSettings"].update(Format='{"path":"$context.path"}')),
    ("alarms_tell_somebody", lambda t: first(t, "AWS::CloudWatch::Alarm").update(AlarmActions=[])),
    ("alarms_name_their_runbook", lambda t: first(t, "AWS::CloudWatch::Alarm").update(AlarmDescription="Something is wrong.")),
    ("alarms_say_what_silence_means", lambda t: first(t, "AWS::CloudWatch::Alarm").pop("TreatMissingData")),
]


def mutants(template: dict):
    """Each broken copy with the rule that must fail."""
    for rule, break_it in MUTATIONS:
        broken = copy.deepcopy(template)
        break_it(broken)
        yield rule, broken
