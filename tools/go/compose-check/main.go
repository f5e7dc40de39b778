// Loads a Compose file as `docker compose config` does, with the loader and the schema of the Compose specification, and prints
// what it means as JSON. Every warning of the loader counts as a mistake.
//
//	compose-check <folder>    the folder of compose.yaml, its override and .env; variables come from the environment as well
package main

import (
	"bytes"
	"context"
	"fmt"
	"os"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/sirupsen/logrus"
)

func main() {
	if len(os.Args) != 2 {
		fail("usage: compose-check <folder>")
	}
	var warnings bytes.Buffer
	logrus.SetOutput(&warnings)
	options, err := cli.NewProjectOptions(
		nil,
		cli.WithWorkingDirectory(os.Args[1]),
		cli.WithOsEnv,
		cli.WithEnvFiles(),
		cli.WithDotEnv,
		cli.WithDefaultConfigPath,
	)
	if err != nil {
		fail(err.Error())
	}
	project, err := options.LoadProject(context.Background())
	if err != nil {
		fail(err.Error())
	}
	if warnings.Len() > 0 {
		fail(warnings.String())
	}
	json, err := project.MarshalJSON()
	if err != nil {
		fail(err.Error())
	}
	fmt.Println(string(json))
}

func fail(message string) {
	fmt.Fprintln(os.Stderr, message)
	os.Exit(1)
}
