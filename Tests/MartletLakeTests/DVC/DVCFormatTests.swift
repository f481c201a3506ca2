import MartletCore
import MartletLake
import Testing

/// Expected bytes were written by dvc 3.67.1.
struct DVCFormatTests {
    @Test func directoriesAreListedAsDVCListsThem() throws {
        let contents: [(String, [UInt8])] = [
            ("😀.bin", [0xf0, 0x9f, 0x98, 0x80]), ("é.txt", [0x78]), ("Z.txt", [0x79]), ("a-b.txt", [0x7a]),
            ("a.txt", Array("hello\n".utf8)), ("empty", []), ("sub/b c.txt", Array("crlf\r\n".utf8)),
        ]
        let directory = DVCDirectory(
            contents.map { DVCDirectory.Entry(path: Array($0.0.utf8), md5: MD5Digest(of: $0.1)) }
        )
        let text =
            #"[{"md5": "415290769594460e2e485922904f345d", "relpath": "Z.txt"}, "#
            + #"{"md5": "fbade9e36a3f36d3d676c1b808451dd7", "relpath": "a-b.txt"}, "#
            + #"{"md5": "b1946ac92492d2347c6235b4d2611184", "relpath": "a.txt"}, "#
            + #"{"md5": "d41d8cd98f00b204e9800998ecf8427e", "relpath": "empty"}, "#
            + #"{"md5": "c3da2cd5a6abc84825611d717df35a67", "relpath": "sub/b c.txt"}, "#
            + #"{"md5": "9dd4e461268c8034f5c8564e155c67a6", "relpath": "\u00e9.txt"}, "#
            + #"{"md5": "2a02eac39d716a70ecf37579185927b6", "relpath": "\ud83d\ude00.bin"}]"#
        #expect(String(decoding: directory.encoded, as: UTF8.self) == text)
        #expect(directory.md5.hex == "bfc413a8766b15bb5f0c620d78bcbd6d")
        #expect(try DVCDirectory(encoded: directory.encoded, name: "test") == directory)
        #expect(DVCDirectory([]).md5.hex == "d751713988987e9331980363e24189ce")
    }

    @Test func namesOfAnyBytesComeBack() throws {
        var random = SplitMix64(seed: 3)
        for _ in 0..<500 {
            let path = (0..<12).map { _ in UInt8(truncatingIfNeeded: random.next()) }.map {
                $0 == 0 || $0 == 0x2f ? 0x61 : $0
            }
            let directory = DVCDirectory([
                .init(path: path, md5: .zero), .init(path: Array("\u{ffff}\u{10000}\n\u{7f}\"\\".utf8), md5: .zero),
            ])
            #expect(try DVCDirectory(encoded: directory.encoded, name: "test") == directory)
        }
    }

    @Test(arguments: [
        "", "{}", "[{}]", #"[{"md5": "x", "relpath": "a"}]"#,
        #"[{"md5": "415290769594460e2e485922904f345d", "relpath": "../a"}]"#,
        #"[{"md5": "415290769594460e2e485922904f345d", "relpath": "a"}"#,
    ]) func otherJSONIsNoDirectory(_ json: String) {
        #expect(throws: MartletError.self) { try DVCDirectory(encoded: Array(json.utf8), name: "test") }
    }

    @Test func oldVersionsHashTextWithoutCarriageReturns() {
        func hash(_ bytes: [UInt8]) -> String {
            var hash = LegacyMD5()
            var rest = bytes[...]
            while !rest.isEmpty {
                Array(rest.prefix(LegacyMD5.partBytes)).withUnsafeBytes { hash.update(part: $0) }
                rest = rest.dropFirst(LegacyMD5.partBytes)
            }
            return hash.finalize().hex
        }
        let crlf: [UInt8] = [0x0d, 0x0a]
        #expect(hash(Array("one\r\ntwo\r\n".utf8)) == "2094b601daac3d68f5aed51d3c20f7cd")
        #expect(hash([0] + crlf) == "692c8022360661692872fdc730517229")
        // Split between two reads, the pair stays.
        #expect(hash([UInt8](repeating: 0x78, count: 1 << 20 - 1) + crlf) == "059b9ae010d821b197fb177c19d8542f")
        // 154 of 512 bytes are no text, which is above 30 %; then 153, which is not.
        #expect(
            hash([UInt8](repeating: 0xff, count: 154) + [UInt8](repeating: 0x61, count: 356) + crlf)
                == "2508116b38c53db8329aac9217bec613"
        )
        #expect(
            hash([UInt8](repeating: 0xff, count: 153) + [UInt8](repeating: 0x61, count: 357) + crlf)
                == "2a7d3af5d8953bd9321c9dca746d43c2"
        )
    }

    static let lock = """
        schema: '2.0'
        stages:
          train:
            cmd: python3 train.py
            deps:
            - path: data
              hash: md5
              md5: bfc413a8766b15bb5f0c620d78bcbd6d.dir
              size: 19
              nfiles: 7
            - path: train.py
              hash: md5
              md5: ea5983d3aecc20e0948d5f7f37a21076
              size: 168
            params:
              params.yaml:
                lr: 0.1
                train.epochs: 3
                train.size: 7
            outs:
            - path: metrics.json
              hash: md5
              md5: e5f4957673dc0b55d1bf8a8581a167b9
              size: 12
            - path: model.pkl
              hash: md5
              md5: b6283f59a5423e5431ecac1f60d56e7e
              size: 3
            - path: out
              hash: md5
              md5: 63d9f19806986489dc28d67066adc225.dir
              size: 5
              nfiles: 1

        """

    @Test func locksComeBackAndNameTheirRuns() throws {
        let lock = try DVCLock(Array(Self.lock.utf8), file: "dvc.lock")
        #expect(lock.text == Self.lock)
        var fresh = DVCLock()
        for var stage in lock.stages {
            stage.outs.reverse()
            stage.deps.reverse()
            fresh.set(stage)
        }
        #expect(fresh.text == Self.lock)
        let stage = try #require(lock.stages.first)
        let names = DVCHashes.runCache(of: stage)
        #expect(names.key.hex == "2022cc6a7584b3a2ebba9623a6bdc1679a5916c4e5004b40c36f957ec3b4ff6c")
        #expect(names.value.hex == "34373612f1aff14e4d810492a89029ec0fc90a77a7a6c3eebda7559e187132b0")
        var changed = lock
        var out = try #require(stage.outs.last)
        out.content = .directory(.zero)
        changed.update(out, ofStage: "train")
        #expect(changed.text == Self.lock.replacing("63d9f19806986489dc28d67066adc225", with: MD5Digest.zero.hex))
    }

    @Test func importsHaveAHashOfThemselves() throws {
        let text = """
            md5: 6cc66b4ca866839f54d6b2d1cac464a0
            frozen: true
            deps:
            - path: run.sh
              repo:
                url: /tmp/dt/r
                rev_lock: 2cdeb3d3c8c413351d0d0047109e21d3e884b3c1
            outs:
            - md5: 39ab32c5aeb56c9f5ae17f073ce31023
              size: 4
              hash: md5
              path: run.sh

            """
        let file = try DVCFile(Array(text.utf8), file: "run.sh.dvc")
        #expect(file.text == text)
        #expect(DVCHashes.stage(file).hex == "6cc66b4ca866839f54d6b2d1cac464a0")
        #expect(file.deps.first?.isFromRepository == true)
    }

    @Test func newFilesAreThoseOfDVCAdd() {
        let directory = DVCOutput(path: "data", content: .directory(.zero), size: 19, fileCount: 7)
        let file = DVCOutput(path: "12345", content: .file(.zero), size: 1, isExecutable: true)
        let zeros = "'" + MD5Digest.zero.hex + "'"
        #expect(
            DVCFile(outs: [directory, file]).text == """
                outs:
                - md5: \(MD5Digest.zero.hex).dir
                  size: 19
                  nfiles: 7
                  hash: md5
                  path: data
                - md5: \(zeros)
                  size: 1
                  isexec: true
                  hash: md5
                  path: '12345'

                """
        )
    }

    @Test func changesKeepWhatPeopleWrote() throws {
        let text = """
            # why
            outs:
              - md5: b1946ac92492d2347c6235b4d2611184.dir   # old
                size: 19
                nfiles: 7
                path: "data"   # place
                desc: the data

            # the end
            meta: {owner: ada}
            """
        var file = try DVCFile(Array(text.utf8), file: "data.dvc")
        var out = try #require(file.outs.first)
        #expect(out.isLegacy)
        out.content = .file(MD5Digest(of: []))
        (out.size, out.fileCount, out.isLegacy) = (0, nil, false)
        file.update(out, at: 0)
        let edited = try DVCFileEdit.text(of: Array(text.utf8), changedTo: file.value, file: "data.dvc")
        #expect(
            edited == """
                # why
                outs:
                  - md5: d41d8cd98f00b204e9800998ecf8427e   # old
                    size: 0
                    path: "data"   # place
                    desc: the data
                    hash: md5

                # the end
                meta: {owner: ada}
                """
        )
        #expect(try DVCYAMLReader.value(of: Array(edited.utf8), file: "data.dvc") == file.value)
    }

    @Test func settingsKeepTheirComments() {
        var config = DVCConfig("# ours\n[core]\n    remote = a  # first\n['remote \"a\"']\n    url = ../a\n")
        #expect(config["core", "remote"] == "a")
        #expect(config.remotes == ["a"])
        #expect(config[DVCConfig.remote("a"), "url"] == "../a")
        config.set("core", "autostage", to: "true")
        config.set(DVCConfig.remote("b"), "url", to: "/x,y")
        config.set(DVCConfig.remote("a"), "url", to: "s3://b/p")
        let expected =
            "# ours\n[core]\n    remote = a  # first\n    autostage = true\n['remote \"a\"']\n    url = s3://b/p\n"
        #expect(config.text == expected + "['remote \"b\"']\n    url = \"/x,y\"\n")
    }

    @Test func pointersOfLFSComeBack() throws {
        let pointer = LFSPointer(oid: ObjectID(hashing: [1]), size: 1)
        #expect(LFSPointer(pointer.encoded) == pointer)
        #expect(pointer.objectPath == "4b/f5/\(pointer.oid.hex)")
        let text = String(decoding: pointer.encoded, as: UTF8.self)
        for other in ["", text + "x", text.replacing("size 1", with: "size -1"), text.replacing("sha256", with: "md5")]
        {
            #expect(LFSPointer(Array(other.utf8)) == nil)
        }
    }
}
