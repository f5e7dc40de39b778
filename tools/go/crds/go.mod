module scaling-ladder/tools/crds

go 1.24

// Only files of these are read: the definitions of their custom resources.
require (
	github.com/cloudnative-pg/cloudnative-pg v1.30.0
	github.com/cloudnative-pg/plugin-barman-cloud v0.15.0
	github.com/prometheus-operator/prometheus-operator v0.85.0
)
