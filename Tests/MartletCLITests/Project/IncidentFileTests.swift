import MartletCore
import MartletQuality
import MartletTestKit
import Testing

@testable import MartletCLI

@Suite(.tags(.machine)) struct IncidentFileTests {
    private func project(_ text: String) throws -> ProjectFile {
        try ProjectFile.load(SourceText(file: "martlet.yaml", content: Array(text.utf8)), root: "/project")
    }

    private func errors(_ text: String) -> [MartletError] {
        do {
            _ = try project(text)
            return []
        } catch let failure as PipelineLoadFailure {
            return failure.errors
        } catch {
            return [MartletError(.internalFault, "\(error)")]
        }
    }

    @Test func servicesAreRead() throws {
        let file = try project(
            """
            project: p
            notifiers:
              chat: { slack: { url: "{{ vars.slack_url }}" } }
              pager: { pagerduty: { routing_key: "{{ env.KEY }}", url: https://events.eu.pagerduty.com/v2/enqueue } }
              alerts: { alertmanager: { url: http://127.0.0.1:9093, labels: { team: data }, hold: 1h } }
              hook:
                webhook:
                  url: https://example.com/{{ vars.path }}
                  secret: "{{ vars.new }}"
                  secrets: ["{{ vars.old }}"]
                  format: alertmanager
                  headers: { X-Team: data }
              mail:
                email:
                  host: smtp.example.com
                  user: martlet
                  password: "{{ connections.mail.password }}"
                  from: a@example.com
                  to: [b@example.com]
            """
        )
        func name(_ text: String) -> NotifierID { NotifierID(trusted: text) }
        #expect(file.notifiers[name("chat")] == .receiver(.slack(url: try SettingText("{{ vars.slack_url }}"))))
        let pager = PagerDutySpec(
            routingKey: try SettingText("{{ env.KEY }}"),
            url: "https://events.eu.pagerduty.com/v2/enqueue"
        )
        #expect(file.notifiers[name("pager")] == .receiver(.pagerDuty(pager)))
        let alerts = AlertmanagerSpec(
            url: try SettingText("http://127.0.0.1:9093"),
            labels: ["team": "data"],
            holdSeconds: 3600
        )
        #expect(file.notifiers[name("alerts")] == .receiver(.alertmanager(alerts)))
        let hook = WebhookSpec(
            url: try SettingText("https://example.com/{{ vars.path }}"),
            secrets: [try SettingText("{{ vars.new }}"), try SettingText("{{ vars.old }}")],
            format: .alertmanager,
            headers: ["X-Team": try SettingText("data")]
        )
        #expect(file.notifiers[name("hook")] == .receiver(.webhook(hook)))
        let mail = MailSpec(
            host: "smtp.example.com",
            user: try SettingText("martlet"),
            password: try SettingText("{{ connections.mail.password }}"),
            from: "a@example.com",
            to: ["b@example.com"]
        )
        #expect(file.notifiers[name("mail")] == .receiver(.mail(mail)))
    }

    @Test func thePolicyIsRead() throws {
        let policy = try #require(
            try project(
                """
                notifiers: { pager: { command: [page] }, chat: { command: [tell] } }
                incidents:
                  group_by: [dataset, root_cause]
                  group_wait: 10s
                  group_interval: 1m
                  repeat: 2h
                  cooldown: 20m
                  retry_grace: 5m
                  inhibit: false
                  routes:
                    - match: { severity: critical, dataset: flights/*, pipeline: "!test*" }
                      notify: [pager]
                      escalate: [{ after: 15m, notify: [chat] }]
                    - notify: [chat]
                  runbooks:
                    - { match: { check: unique* }, url: https://example.com/unique }
                """
            ).incidents
        )
        #expect(policy.groupBy == [.dataset, .rootCause])
        #expect(policy.groupWait == .seconds(10))
        #expect(policy.groupInterval == .seconds(60))
        #expect(policy.repeatInterval == .seconds(7200))
        #expect(policy.cooldown == .seconds(1200))
        #expect(policy.retryGrace == .seconds(300))
        #expect(!policy.inhibits)
        let pager = NotifierID(trusted: "pager")
        let chat = NotifierID(trusted: "chat")
        #expect(policy.routes.map(\.notify) == [[pager], [chat]])
        #expect(
            policy.routes[0].matchers.map(\.description)
                == ["severity=critical", "dataset=flights/*", "pipeline!=test*"]
        )
        #expect(policy.routes[0].escalation == [IncidentPolicy.Level(after: .seconds(900), notify: [chat])])
        #expect(policy.runbooks.map(\.address) == ["https://example.com/unique"])
    }

    @Test(arguments: [
        ("notifiers: { a: { slack: { url: https://hooks.slack.com/x } } }", ErrorCode.receiverSecret),
        ("notifiers: { a: { slack: {} } }", .keyMissing),
        ("notifiers: { a: { slack: { url: \"{{ steps.x.y }}\" } } }", .receiverSecret),
        ("notifiers: { a: { slak: { url: x } } }", .keyUnknown),
        ("notifiers: { a: { pagerduty: { routing_key: abc } } }", .receiverSecret),
        ("notifiers: { a: { pagerduty: { routingkey: abc } } }", .keyUnknown),
        ("notifiers: { a: { alertmanager: { url: x, labels: { a-b: c } } } }", .nameInvalid),
        ("notifiers: { a: { webhook: { url: x, secret: open } } }", .receiverSecret),
        ("notifiers: { a: { webhook: { url: x, format: xml } } }", .valueInvalid),
        ("notifiers: { a: { email: { host: h, from: f } } }", .keyMissing),
        ("notifiers: { a: { email: { host: h, from: f, to: [t], user: u } } }", .keyMissing),
        ("notifiers: { a: { slack: { url: \"{{ vars.u }}\" }, command: [b] } }", .valueInvalid),
        ("incidents: { routes: [{ notify: [nobody] }] }", .referenceUnknown),
        ("incidents: { routes: [{ match: { datset: x }, notify: [] }] }", .matcherInvalid),
        ("incidents: { routes: [{ match: { severity: bad }, notify: [] }] }", .matcherInvalid),
        ("incidents: { routes: [{}] }", .keyMissing), ("incidents: { route: [] }", .keyUnknown),
        ("incidents: { group_by: [colour] }", .valueInvalid), ("incidents: { repeat: 1s }", .valueInvalid),
        ("incidents: { group_wait: soon }", .durationInvalid), ("incidents: { runbooks: [{}] }", .keyMissing),
        ("incidents: [a]", .valueInvalid),
    ])
    func mistakesAreNamed(text: String, code: ErrorCode) {
        let found = errors(text)
        #expect(found.map(\.code).contains(code), "\(found.map(\.description))")
        #expect(found.allSatisfy { $0.location?.line == 1 })
    }
}
