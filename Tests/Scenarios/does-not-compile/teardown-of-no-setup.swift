// expect: to expected argument type 'Setup<
import Martlet

func build(_ p: PipelineBuilder) {
    let create = p.command("create", "./create.sh")
    p.teardown(of: create) { p.command("delete", "./delete.sh") }
}
